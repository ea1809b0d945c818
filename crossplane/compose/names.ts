import type { JsonObject, KubernetesObject } from '../../imports/base.ts';
import { EXTERNAL_NAME_ANNOTATION } from '../reference/marks.ts';
import { asObject } from '../schema/json.ts';
import { textsIn } from './values.ts';

/**
 * The field in which `from` names `to` in its observed spec, or `undefined`. A name is the other's ARN, id or external
 * name standing by itself in a text (also within a policy), or its object name in a `…Ref`.
 */
export function fieldNaming(from: KubernetesObject, to: KubernetesObject): string | undefined {
  const identities = identitiesOf(to);
  const arn = String(atProviderOf(to)['arn'] ?? '');
  for (const { text, path } of textsIn(from.spec ?? {}, 'spec')) {
    if (/Refs?(\[\d+\])?\.name$/.test(path) && text === to.metadata.name) return path;
    if (identities.some((identity) => standsIn(text, identity, arn))) return path;
  }
  return undefined;
}

function atProviderOf(object: KubernetesObject): JsonObject {
  return asObject(object.status?.['atProvider']);
}

function identitiesOf(object: KubernetesObject): readonly string[] {
  const { arn, id } = atProviderOf(object);
  const known = [object.metadata.annotations?.[EXTERNAL_NAME_ANNOTATION], arn, id];
  return known.filter((value) => typeof value === 'string' && value !== '').map(String);
}

/** True where the identity stands in the text as a word: `key/abc` names `abc`, `key/abcd` does not. */
function standsIn(text: string, identity: string, arn: string): boolean {
  for (let at = text.indexOf(identity); at >= 0; at = text.indexOf(identity, at + 1)) {
    const end = at + identity.length;
    const isWord = !isWordCharacter(text[at - 1]) && !isWordCharacter(text[end]);
    if (isWord && !isElsewhere(text.slice(text.lastIndexOf('arn:', at), end), arn)) return true;
  }
  return false;
}

/** Two keys of KMS in two regions have one id: the ARN of one does not name the other. */
function isElsewhere(text: string, arn: string): boolean {
  const [found, wanted] = [text.split(':'), arn.split(':')];
  const differs = wanted.flatMap((part, index) => (found[index] === part ? [] : [index]));
  return found.length === wanted.length && differs.length === 1 && differs[0] === REGION_OF_ARN;
}

/** Place of the region in an ARN: `arn:aws:kms:<region>:…`. */
const REGION_OF_ARN = 3;

function isWordCharacter(character: string | undefined): boolean {
  return character !== undefined && /[\w-]/.test(character);
}
