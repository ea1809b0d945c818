import { secretIn } from './secrets.ts';

/** Longest piece of a value or key that a message repeats, in characters. */
const LONGEST = 80;

/** The text on one line: what breaks lines, turns the direction or cannot be seen is shown as an escape. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16);
    return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`;
  });
}

/** A value as a message shows it: as JSON, on one line, cut when long, and not at all when a secret is in it. */
export function shown(value: unknown): string {
  // JSON has no infinite numbers, though `1e999` is one.
  return shortened(typeof value === 'number' ? String(value) : JSON.stringify(value));
}

/** A path as people read it: `tags["a b"]`, `allowRemoval[0]`, `storage.table`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    const key = String(part);
    if (!/^[A-Za-z_$][\w$-]*$/.test(key)) return `${text}[${shown(key)}]`;
    return text === '' ? shortened(key) : `${text}.${shortened(key)}`;
  }, '');
}

/** The text, cut when long; what looks like a secret is not repeated. */
export function shortened(text: string): string {
  if (secretIn(text) !== undefined) return '(not shown)';
  if (text.length <= LONGEST) return printable(text);
  // Half of a character that two units write is no character.
  return `${printable(text.slice(0, LONGEST - 3).replace(/[\ud800-\udbff]$/, ''))}…`;
}
