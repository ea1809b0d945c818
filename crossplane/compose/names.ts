import type { KubernetesObject } from '../../imports/base.ts';
import { EXTERNAL_NAME_ANNOTATION } from '../reference/marks.ts';
import { textsIn } from './values.ts';

/**
 * The field in which `from` names `to` in its observed spec, or `undefined`. A name is the other's ARN, id or external
 * name standing by itself in a text (also within a policy), or its object name in a `…Ref`.
 */
export function fieldNaming(from: KubernetesObject, to: KubernetesObject): string | undefined {
  const identities = identitiesOf(to);
  for (const { text, path } of textsIn(from.spec ?? {}, 'spec')) {
    if (/Refs?(\[\d+\])?\.name$/.test(path) && text === to.metadata.name) return path;
    if (identities.some((identity) => standsIn(text, identity))) return path;
  }
  return undefined;
}

function identitiesOf(object: KubernetesObject): readonly string[] {
  const atProvider = object.status?.['atProvider'];
  const fields: object = typeof atProvider === 'object' && atProvider !== null ? atProvider : {};
  const known: readonly unknown[] = [
    object.metadata.annotations?.[EXTERNAL_NAME_ANNOTATION],
    Reflect.get(fields, 'arn'),
    Reflect.get(fields, 'id'),
  ];
  return known.filter((value) => typeof value === 'string' && value !== '').map(String);
}

/** True where the identity stands in the text as a word: `key/abc` names `abc`, `key/abcd` does not. */
function standsIn(text: string, identity: string): boolean {
  for (let at = text.indexOf(identity); at >= 0; at = text.indexOf(identity, at + 1)) {
    if (!isWordCharacter(text[at - 1]) && !isWordCharacter(text[at + identity.length])) return true;
  }
  return false;
}

function isWordCharacter(character: string | undefined): boolean {
  return character !== undefined && /[\w-]/.test(character);
}
