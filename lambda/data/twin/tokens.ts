import { invalid } from './failure.ts';
import type { Attributes, Value } from './value.ts';

/** What an expression may refer to; every name and value must be used, as DynamoDB wants it. */
export interface References {
  readonly names: Readonly<Record<string, string>>;
  readonly values: Attributes;
}

const TOKEN = /\s*(<>|<=|>=|[=<>(),+-]|[#:]?[A-Za-z_][A-Za-z0-9_]*)/y;

/** Reads an expression token by token. */
export class Tokens {
  readonly used = new Set<string>();
  private readonly references: References;
  private readonly tokens: readonly string[];
  private at = 0;

  constructor(expression: string, references: References) {
    this.references = references;
    this.tokens = tokensOf(expression);
  }

  get done(): boolean {
    return this.at === this.tokens.length;
  }

  /** The next token, in capitals when it is a word. */
  peek(): string {
    return (this.tokens[this.at] ?? '').toUpperCase();
  }

  take(): string {
    const token = this.tokens[this.at];
    if (token === undefined) throw invalid('Invalid expression: it ends too early');
    this.at++;
    return token;
  }

  /** Takes the token if it is next. */
  skip(token: string): boolean {
    if (this.peek() !== token.toUpperCase()) return false;
    this.at++;
    return true;
  }

  expect(token: string): void {
    if (!this.skip(token)) throw invalid(`Invalid expression: ${token} expected, not ${this.peek()}`);
  }

  /** Whether a value, and not a name, is next. */
  get valueIsNext(): boolean {
    return this.peek().startsWith(':');
  }

  /** The value that is next, if one is. */
  valueAhead(): Value | undefined {
    return this.references.values[this.tokens[this.at] ?? ''];
  }

  /** The name of a top-level attribute. */
  name(): string {
    const token = this.take();
    if (!token.startsWith('#')) throw invalid(`Invalid expression: the attribute ${token} must be given by a #name`);
    const name = this.references.names[token];
    if (name === undefined)
      throw invalid(`An expression attribute name used in the document path is not defined: ${token}`);
    this.used.add(token);
    return name;
  }

  value(): Value {
    const token = this.take();
    const value = this.references.values[token];
    if (value === undefined) throw invalid(`An expression attribute value used in expression is not defined: ${token}`);
    this.used.add(token);
    return value;
  }
}

/** @throws ValidationException when a name or value is given that no expression uses. */
export function allUsed(references: References, used: ReadonlySet<string>): void {
  const given = [...Object.keys(references.names), ...Object.keys(references.values)];
  const unused = given.filter((name) => !used.has(name));
  if (unused.length > 0)
    throw invalid(`Value provided in expression attributes unused in expressions: ${unused.join(', ')}`);
}

function tokensOf(expression: string): string[] {
  const tokens: string[] = [];
  const pattern = new RegExp(TOKEN);
  while (pattern.lastIndex < expression.trimEnd().length) {
    const found = pattern.exec(expression)?.[1];
    if (found === undefined) throw invalid(`Invalid expression: ${expression}`);
    tokens.push(found);
  }
  return tokens;
}
