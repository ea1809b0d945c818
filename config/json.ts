import { pathText, shortened } from './text.ts';

/** Deeper than any environment file; far below where recursion ends. */
const MAXIMUM_DEPTH = 32;

/** One token after white space: a mark, a text, a word or number, or the end of the file. */
const TOKEN = new RegExp(
  [
    String.raw`([{}[\],:])`,
    String.raw`("[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*")`,
    String.raw`((?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-]))`,
    '$',
  ].join('|'),
  'y',
);
const WHITE_SPACE = /[ \t\r\n]*/y;

/**
 * Everything that keeps the text from being JSON that reads one way: the first mistake with its place, and keys that
 * stand twice in one object. `JSON.parse` tells no place for most mistakes, and lets the last of two keys win silently.
 */
export function jsonProblems(text: string): readonly string[] {
  const scanner = new Scanner(text);
  try {
    scanner.document();
  } catch (error) {
    if (!(error instanceof Mistake)) throw error;
    return [...scanner.repeated, error.message];
  }
  return scanner.repeated;
}

class Mistake extends Error {}

class Scanner {
  readonly repeated: string[] = [];
  readonly #text: string;
  /** The token under the eye, and where it begins. */
  #token = '';
  #start = 0;
  #end = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): void {
    this.#advance();
    this.#value([]);
    if (!this.#is('')) this.#fail('the end of the file', 'remove it');
  }

  #value(path: readonly PropertyKey[]): void {
    if (path.length > MAXIMUM_DEPTH) {
      const place = pathText(path.slice(0, 3));
      throw new Mistake(`is nested more than ${MAXIMUM_DEPTH} levels deep at ${place}; flatten it.`);
    }
    if (this.#is('{')) return this.#object(path);
    if (this.#is('[')) return this.#list(path);
    if (['', '}', ']', ',', ':'].includes(this.#token)) this.#fail('a value');
    this.#advance();
  }

  #object(path: readonly PropertyKey[]): void {
    const places = new Map<string, number>();
    this.#items('}', () => {
      if (!this.#token.startsWith('"')) this.#fail('a key in double quotes');
      const key = String(JSON.parse(this.#token));
      const first = places.get(key);
      if (first === undefined) places.set(key, this.#start);
      else {
        const lines = `line ${this.#lineOf(first)} and again in line ${this.#lineOf(this.#start)}`;
        this.repeated.push(`says ${pathText([...path, key])} in ${lines}; keep one of the two.`);
      }
      this.#advance();
      if (!this.#is(':')) this.#fail('a colon');
      this.#advance();
      this.#value([...path, key]);
    });
  }

  #list(path: readonly PropertyKey[]): void {
    let index = 0;
    this.#items(']', () => this.#value([...path, index++]));
  }

  #items(close: '}' | ']', item: () => void): void {
    this.#advance();
    if (this.#is(close)) return this.#advance();
    for (;;) {
      item();
      if (this.#is(close)) return this.#advance();
      if (!this.#is(',')) this.#fail(`a comma or ${close}`);
      this.#advance();
      if (this.#is(close)) this.#fail('one more entry', `remove the comma before ${close}`);
    }
  }

  #is(token: string): boolean {
    return this.#token === token;
  }

  #advance(): void {
    WHITE_SPACE.lastIndex = this.#end;
    WHITE_SPACE.exec(this.#text);
    this.#start = WHITE_SPACE.lastIndex;
    TOKEN.lastIndex = this.#start;
    const match = TOKEN.exec(this.#text);
    if (match === null) this.#fail('JSON', remedyFor(this.#text.charAt(this.#start)));
    this.#token = match[0];
    this.#end = TOKEN.lastIndex;
  }

  #lineOf(place: number): number {
    return this.#text.slice(0, place).split('\n').length;
  }

  #fail(expected: string, remedy = `write ${expected} there`): never {
    const line = this.#lineOf(this.#start);
    const column = this.#start - this.#text.lastIndexOf('\n', this.#start - 1);
    const found = /^(?:[\w.+-]+|[^]?)/u.exec(this.#text.slice(this.#start, this.#start + 100))?.[0] ?? '';
    const has = found === '' ? 'the end of the file' : shortened(found);
    throw new Mistake(`is not JSON: line ${line}, column ${column} has ${has} where ${expected} belongs; ${remedy}.`);
  }
}

function remedyFor(character: string): string {
  if (character === '"') return 'end the text with a double quote on the same line, and write \\ as \\\\';
  if (character === "'") return 'write texts in double quotes';
  if (character === '/' || character === '#') return 'remove the comment, which JSON does not have';
  return 'remove it, or write a text in double quotes';
}
