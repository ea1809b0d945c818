import { valueAt, type Remark } from './problems.ts';
import { secretIn } from './secrets.ts';
import { shown } from './text.ts';

/** How references between resources begin; what a person writes must not look like one. */
const REFERENCE = '${owlnest:';

/** Breaks lines, turns the direction of writing or cannot be seen: what is read is not what is there. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/**
 * Texts and keys that no setting may hold, whatever its form: secrets (law 10), references of ours, and characters that
 * hide what is there. `${` by itself is refused by the form of each setting that may come to stand in a policy document
 * or a shell; only free texts (a header, a reason) may have it.
 */
export function refusedTexts(value: object): readonly Remark[] {
  return textsIn(value, []).flatMap(({ text, path, what }) => {
    const why = reasonAgainst(text, what);
    if (why === undefined) return [];
    return [{ path, message: why.isSecret ? why.sentence : `is ${shown(valueAt(value, path))}; ${why.sentence}` }];
  });
}

function reasonAgainst(
  text: string,
  what: string,
): { readonly sentence: string; readonly isSecret: boolean } | undefined {
  const secret = secretIn(text);
  if (secret !== undefined) {
    const sentence = `holds what looks like ${secret} (not shown); remove it from git, make it void, and name a Kubernetes secret instead.`;
    return { sentence, isSecret: true };
  }
  if (text.includes(REFERENCE)) {
    const sentence = `text that looks like a reference of OwlNest (${REFERENCE}…}) is kept for charts, so write it otherwise.`;
    return { sentence, isSecret: false };
  }
  const code = UNSEEN.exec(text)?.[0].codePointAt(0);
  if (code === undefined) return undefined;
  const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  return { sentence: `remove ${name} from ${what}, a character that nobody sees.`, isSecret: false };
}

interface Text {
  readonly text: string;
  readonly path: readonly PropertyKey[];
  readonly what: 'the text' | 'the key';
}

/** Every text and key of the value. */
function textsIn(value: unknown, path: readonly PropertyKey[]): readonly Text[] {
  if (typeof value === 'string') return [{ text: value, path, what: 'the text' }];
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item, index) => textsIn(item, [...path, index]));
  return Object.entries(value).flatMap(([key, item]) => {
    const inner = [...path, key];
    return [{ text: key, path: inner, what: 'the key' }, ...textsIn(item, inner)];
  });
}
