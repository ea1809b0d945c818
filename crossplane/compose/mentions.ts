import type { JsonObject, KubernetesObject } from '../../imports/base.ts';
import type { ResourceId } from '../reference/identity.ts';
import { EXTERNAL_NAME_ANNOTATION } from '../reference/marks.ts';
import { asObject } from '../schema/json.ts';
import { textsIn } from './values.ts';

/** A field of an observed resource in which it names another. */
export interface Mention {
  readonly from: ResourceId;
  readonly field: string;
}

/** A text of an observed resource. */
interface Place extends Mention {
  readonly text: string;
  /** Its place among all texts, which tells the first of a resource's fields. */
  readonly order: number;
}

/** What observed resources name, read once however many resources are asked for. */
export interface Mentions {
  /**
   * Who names the resource, each with the first field that does. A name is the resource's ARN, id or external name
   * standing by itself in a text (also within a policy), or its object name in a `…Ref`.
   */
  mentionsOf(to: KubernetesObject): readonly Mention[];
}

/**
 * An index of the texts by their words. A name that stands by itself in a text has all its words there as whole words,
 * so only the texts with its rarest word are looked at. Read are the specs, and what AWS has: an update that takes a name
 * out of a spec reaches AWS later.
 */
export function mentionsIn(observed: ReadonlyMap<ResourceId, KubernetesObject>): Mentions {
  const texts = [...observed].flatMap(([from, object]) => [...textsOf(object)].map((at) => ({ from, ...at })));
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
  const belongsToAnother = sharedNames(observed);
  return {
    mentionsOf: (to) => {
      const { name } = to.metadata;
      const arn = String(atProviderOf(to)['arn'] ?? '');
      const naming = [
        ...candidates(name).filter(({ text, field }) => text === name && /Refs?(\[\d+\])?\.name$/.test(field)),
        ...identitiesOf(to)
          .filter((identity) => !belongsToAnother(to, identity))
          .flatMap((identity) => candidates(identity).filter(({ text }) => standsIn(text, identity, arn))),
      ];
      const first = new Map<ResourceId, Mention>();
      for (const { from, field } of naming.sort((one, other) => one.order - other.order)) {
        if (!first.has(from)) first.set(from, { from, field });
      }
      return [...first.values()];
    },
  };
}

/** The texts of a spec and of what AWS has, but tags, which use nothing, and the resource's own names. */
function* textsOf(object: KubernetesObject): ReturnType<typeof textsIn> {
  yield* textsIn(object.spec ?? {}, 'spec');
  const { tags: _, tagsAll: __, ...atProvider } = atProviderOf(object);
  const own = identitiesOf(object);
  for (const at of textsIn(atProvider, 'status.atProvider')) if (!own.includes(at.text)) yield at;
}

/**
 * Tells a name that a resource only shares. The aspects of a bucket are known to AWS by the bucket's name: where another
 * aspect names it, that means the bucket. The name belongs to the resource whose own spec does not say it. So does a part
 * of a name: what scales a table is known as `table/<name>`, and an ARN of the table has that.
 */
function sharedNames(
  observed: ReadonlyMap<ResourceId, KubernetesObject>,
): (object: KubernetesObject, identity: string) => boolean {
  const byIdentity = new Map<string, KubernetesObject[]>();
  for (const object of observed.values()) {
    for (const identity of new Set(identitiesOf(object))) {
      const known = byIdentity.get(identity);
      if (known === undefined) byIdentity.set(identity, [object]);
      else known.push(object);
    }
  }
  const owned = new Map<string, boolean>();
  const hasOwner = (identity: string): boolean => {
    const known = owned.get(identity) ?? byIdentity.get(identity)?.some((object) => !says(object, identity)) ?? false;
    owned.set(identity, known);
    return known;
  };
  return (object, identity) => says(object, identity) && [identity, ...wordsOf(identity)].some(hasOwner);
}

/** Whether a field of the object's own spec is this text. */
function says({ spec }: KubernetesObject, name: string): boolean {
  return [...textsIn(spec?.['forProvider'] ?? {}, '')].some(({ text }) => text === name);
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
