import { invalid } from './failure.ts';
import type { Tokens } from './tokens.ts';
import { compare, equal, type Attributes, type Value } from './value.ts';

/** Whether an item (without attributes where there is none) fulfils a condition. */
export type Condition = (item: Attributes) => boolean;
type Operand = (item: Attributes) => Value | undefined;

const comparisons: Readonly<Record<string, (a: Value, b: Value) => boolean>> = {
  '=': equal,
  '<': (a, b) => (compare(a, b) ?? 0) < 0,
  '>': (a, b) => (compare(a, b) ?? 0) > 0,
  '<=': (a, b) => (compare(a, b) ?? 1) <= 0,
  '>=': (a, b) => (compare(a, b) ?? -1) >= 0,
};

/** Reads a condition: `OR` binds least, then `AND`, then `NOT`. */
export function parseCondition(tokens: Tokens): Condition {
  const parts = [parseAnd(tokens)];
  while (tokens.skip('OR')) parts.push(parseAnd(tokens));
  return (item) => parts.some((part) => part(item));
}

function parseAnd(tokens: Tokens): Condition {
  const parts = [parseNot(tokens)];
  while (tokens.skip('AND')) parts.push(parseNot(tokens));
  return (item) => parts.every((part) => part(item));
}

function parseNot(tokens: Tokens): Condition {
  if (tokens.skip('NOT')) {
    const inner = parseNot(tokens);
    return (item) => !inner(item);
  }
  if (tokens.skip('(')) {
    const inner = parseCondition(tokens);
    tokens.expect(')');
    return inner;
  }
  return parsePredicate(tokens);
}

function parsePredicate(tokens: Tokens): Condition {
  if (tokens.skip('attribute_exists')) {
    const name = inParentheses(tokens, () => tokens.name());
    return (item) => item[name] !== undefined;
  }
  if (tokens.skip('attribute_not_exists')) {
    const name = inParentheses(tokens, () => tokens.name());
    return (item) => item[name] === undefined;
  }
  if (tokens.skip('begins_with')) return inParentheses(tokens, () => parseBeginsWith(tokens));
  return parseComparison(tokens);
}

function parseBeginsWith(tokens: Tokens): Condition {
  const operand = parseOperand(tokens);
  tokens.expect(',');
  const prefix = tokens.value();
  return (item) => {
    const found = operand(item);
    return found !== undefined && 'S' in found && 'S' in prefix && found.S.startsWith(prefix.S);
  };
}

function parseComparison(tokens: Tokens): Condition {
  const left = parseOperand(tokens);
  if (tokens.skip('BETWEEN')) {
    const low = parseOperand(tokens);
    tokens.expect('AND');
    const high = parseOperand(tokens);
    return (item) => holds('>=', left(item), low(item)) && holds('<=', left(item), high(item));
  }
  if (tokens.skip('IN')) {
    const options = inParentheses(tokens, () => {
      const list = [parseOperand(tokens)];
      while (tokens.skip(',')) list.push(parseOperand(tokens));
      return list;
    });
    return (item) => options.some((option) => holds('=', left(item), option(item)));
  }
  const operator = tokens.take();
  if (operator.startsWith('<') !== operator.startsWith('>') && operator !== '<>') ordered(tokens, operator);
  const right = parseOperand(tokens);
  if (operator === '<>') return (item) => !holds('=', left(item), right(item));
  if (comparisons[operator] === undefined) throw invalid(`Invalid expression: ${operator} is no comparison`);
  return (item) => holds(operator, left(item), right(item));
}

/** An attribute that is missing is neither equal, less nor greater. */
function holds(operator: string, a: Value | undefined, b: Value | undefined): boolean {
  return a !== undefined && b !== undefined && comparisons[operator]?.(a, b) === true;
}

/** A value that is given for an order must have one. */
function ordered(tokens: Tokens, operator: string): void {
  const value = tokens.valueAhead();
  if (value !== undefined && !('S' in value) && !('N' in value)) {
    throw invalid(`Invalid expression: Incorrect operand type for operator or function; operator: ${operator}`);
  }
}

function parseOperand(tokens: Tokens): Operand {
  if (tokens.valueIsNext) {
    const value = tokens.value();
    return () => value;
  }
  const name = tokens.name();
  return (item) => item[name];
}

function inParentheses<T>(tokens: Tokens, read: () => T): T {
  tokens.expect('(');
  const inner = read();
  tokens.expect(')');
  return inner;
}
