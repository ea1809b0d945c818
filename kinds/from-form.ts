import type { MadeUp } from './shape.ts';

/*
 * A name of the form that `tools/import/external-names.json` writes as a regular expression. It knows what is used there:
 * literals, escapes, classes, groups with alternatives, and how often. No library is worth it: the one for this
 * (`randexp`) has had no release since 2019.
 */

/** Characters for what may be any of many. */
const ANY = 'abcdefghijklmnopqrstuvwxyz0123456789';
/** How often, where the form does not say how often at most. */
const MANY = 12;

/** A text of this form, other for another `made` and the same in every run; throws for what it cannot read. */
export function ofForm(form: string, made: MadeUp): string {
  const reader = new FormReader(form, made);
  const text = reader.alternatives();
  reader.end();
  return text;
}

class FormReader {
  readonly #form: string;
  readonly #made: MadeUp;
  #at = 0;
  #picked = 0;

  constructor(form: string, made: MadeUp) {
    this.#form = form;
    this.#made = made;
  }

  /** The first alternative is taken. */
  alternatives(): string {
    const first = this.#sequence();
    while (this.#take('|')) this.#sequence();
    return first;
  }

  end(): void {
    if (this.#at < this.#form.length) throw new Error(`The form ${this.#form} cannot be read from ${this.#at} on.`);
  }

  #sequence(): string {
    let text = '';
    while (this.#at < this.#form.length && !['|', ')'].includes(this.#form[this.#at] ?? '')) {
      const start = this.#at;
      text += this.#atom();
      const end = this.#at;
      const times = this.#times();
      const after = this.#at;
      // Each repetition is read anew, so that its characters differ.
      if (times === 0) text = text.slice(0, text.length - this.#lengthOf(start));
      for (let time = 1; time < times; time += 1) {
        this.#at = start;
        text += this.#atom();
        if (this.#at !== end) throw new Error(`The form ${this.#form} cannot be read at ${start}.`);
      }
      this.#at = after;
    }
    return text;
  }

  /** Of the last atom's text, which began at `start`. */
  #lengthOf(start: number): number {
    const at = this.#at;
    this.#at = start;
    const { length } = this.#atom();
    this.#at = at;
    return length;
  }

  #atom(): string {
    if (this.#take('^') || this.#take('$')) return '';
    if (this.#take('.')) return this.#pick(ANY);
    if (this.#take('(')) return this.#group();
    if (this.#take('[')) return this.#class();
    if (this.#take('\\')) return this.#escape();
    return this.#next();
  }

  #group(): string {
    const looks = this.#take('?!');
    const text = this.alternatives();
    if (!this.#take(')')) throw new Error(`The form ${this.#form} has an open group.`);
    return looks ? '' : text;
  }

  #class(): string {
    const negated = this.#take('^');
    let characters = '';
    while (!this.#take(']')) {
      // What is escaped in a class stands for itself.
      this.#take('\\');
      const first = this.#next();
      if (this.#form[this.#at] === '-' && this.#form[this.#at + 1] !== ']') {
        this.#at += 1;
        characters += between(first, this.#next());
      } else characters += first;
    }
    if (negated) return this.#pick(Array.from(ANY, (one) => (characters.includes(one) ? '' : one)).join(''));
    const plain = characters.replace(/[^A-Za-z0-9]/g, '');
    return this.#pick(plain === '' ? characters : plain);
  }

  #escape(): string {
    const letter = this.#next();
    if (letter === 'd') return this.#pick('0123456789');
    return letter === 'w' || letter === 'S' ? this.#pick(ANY) : letter;
  }

  #times(): number {
    if (this.#take('+')) return MANY;
    if (this.#take('*') || this.#take('?')) return 0;
    const [counted, least = '', comma, most = ''] = /^\{(\d+)(,?)(\d*)\}/.exec(this.#form.slice(this.#at)) ?? [];
    if (counted === undefined) return 1;
    this.#at += counted.length;
    if (comma === '') return Number(least);
    return Math.max(Number(least), Math.min(MANY, most === '' ? MANY : Number(most)));
  }

  #pick(characters: string): string {
    this.#picked += 1;
    return characters[this.#made.number(this.#picked) % characters.length] ?? '';
  }

  #take(text: string): boolean {
    if (!this.#form.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #next(): string {
    const character = this.#form[this.#at] ?? '';
    this.#at += 1;
    return character;
  }
}

function between(first: string, last: string): string {
  const [from, to] = [first.charCodeAt(0), last.charCodeAt(0)];
  return String.fromCharCode(...Array.from({ length: to - from + 1 }, (_, index) => from + index));
}
