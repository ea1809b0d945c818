import { invalid } from './failure.ts';
import type { Tokens } from './tokens.ts';
import type { Attributes, Value } from './value.ts';

/** Changes one attribute, given the whole item as it was; undefined removes it. */
interface Action {
  readonly name: string;
  readonly next: (before: Attributes) => Value | undefined;
}

/** Reads an update expression. @returns what it makes of an item. */
export function parseUpdate(tokens: Tokens): (before: Attributes) => Attributes {
  const actions: Action[] = [];
  while (!tokens.done) {
    const clause = clauses[tokens.take().toUpperCase()];
    if (clause === undefined) throw invalid('Invalid UpdateExpression: SET, REMOVE or ADD expected');
    do actions.push(clause(tokens));
    while (tokens.skip(','));
  }
  const names = actions.map(({ name }) => name);
  if (new Set(names).size < names.length) {
    throw invalid('Invalid UpdateExpression: Two document paths overlap with each other');
  }
  return (before) => {
    const changes = actions.map(({ name, next }): [string, Value | undefined] => [name, next(before)]);
    const after = Object.entries({ ...before, ...Object.fromEntries(changes) });
    return Object.fromEntries(after.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
  };
}

const clauses: Readonly<Record<string, (tokens: Tokens) => Action>> = {
  SET: (tokens) => {
    const name = tokens.name();
    tokens.expect('=');
    return { name, next: parseSetValue(tokens) };
  },
  REMOVE: (tokens) => ({ name: tokens.name(), next: () => undefined }),
  ADD: (tokens) => {
    const name = tokens.name();
    const added = tokens.value();
    if (!('N' in added)) throw invalid('Invalid UpdateExpression: the twin adds numbers only');
    return { name, next: (before) => sum(before[name], Number(added.N)) };
  },
};

function parseSetValue(tokens: Tokens): Action['next'] {
  if (tokens.valueIsNext) {
    const value = tokens.value();
    return () => value;
  }
  tokens.expect('if_not_exists');
  tokens.expect('(');
  const name = tokens.name();
  tokens.expect(',');
  const otherwise = tokens.value();
  tokens.expect(')');
  return (before) => before[name] ?? otherwise;
}

function sum(before: Value | undefined, added: number): Value {
  if (before !== undefined && !('N' in before)) {
    throw invalid('An operand in the update expression has an incorrect data type');
  }
  return { N: String(Number(before?.N ?? '0') + added) };
}
