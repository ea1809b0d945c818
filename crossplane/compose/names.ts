import type { JsonObject, KubernetesObject } from '../../imports/base.ts';
import type { ResourceId } from '../reference/identity.ts';
import { EXTERNAL_NAME_ANNOTATION } from '../reference/marks.ts';
import { asObject } from '../schema/json.ts';
import { textsIn } from './values.ts';

/** A field of an observed spec in which one resource names another. */
export interface Naming {
  readonly from: ResourceId;
  readonly field: string;
}

/** A text of an observed spec. */
interface Place extends Naming {
  readonly text: string;
  /** Its place among all texts, which tells the first of a resource's fields. */
  readonly order: number;
}

/** What observed specs name, read once however many resources are asked for. */
export interface NamesInSpecs {
  /**
   * Who names the resource, each with the first field that does. A name is the resource's ARN, id or external name
   * standing by itself in a text (also within a policy), or its object name in a `…Ref`.
   */
  namersOf(to: KubernetesObject): readonly Naming[];
}

/**
 * An index of the texts by their words. A name that stands by itself in a text has all its words there as whole words,
 * so only the texts with its rarest word are looked at.
 */
export function namesInSpecs(observed: ReadonlyMap<ResourceId, KubernetesObject>): NamesInSpecs {
  const texts = [...observed].flatMap(([from, { spec = {} }]) =>
    [...textsIn(spec, 'spec')].map((at) => ({ from, ...at })),
  );
  const places = texts.map(({ from, text, path }, order): Place => ({ from, text, field: path, order }));
  const byWord = new Map<string, Place[]>();
  for (const place of places) {
    for (const word of wordsOf(place.text)) {
      const known = byWord.get(word);
      if (known === undefined) byWord.set(word, [place]);
      else known.push(place);
    }
  }
  const candidates = (name: string): readonly Place[] =>
    [...wordsOf(name)]
      .map((word) => byWord.get(word) ?? [])
      .reduce<readonly Place[]>((rarest, list) => (list.length < rarest.length ? list : rarest), places);
  return {
    namersOf: (to) => {
      const { name } = to.metadata;
      const arn = String(atProviderOf(to)['arn'] ?? '');
      const naming = [
        ...candidates(name).filter(({ text, field }) => text === name && /Refs?(\[\d+\])?\.name$/.test(field)),
        ...identitiesOf(to).flatMap((identity) =>
          candidates(identity).filter(({ text }) => standsIn(text, identity, arn)),
        ),
      ];
      const first = new Map<ResourceId, Naming>();
      for (const { from, field } of naming.sort((one, other) => one.order - other.order)) {
        if (!first.has(from)) first.set(from, { from, field });
      }
      return [...first.values()];
    },
  };
}

/** The words of a text, each once. */
function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.match(/[\w-]+/g));
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
