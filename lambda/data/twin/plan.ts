import { parseCondition, type Condition } from './condition.ts';
import { invalid } from './failure.ts';
import { stringOf } from './items.ts';
import type { Conditional, Request, TransactItem } from './requests.ts';
import type { State } from './state.ts';
import { allUsed, Tokens, type References } from './tokens.ts';
import { parseUpdate } from './update.ts';
import { sizeOfItem, type Attributes } from './value.ts';

const MOST_BYTES_OF_ITEM = 400 * 1024;
const INDEX_KEYS = ['GSI1PK', 'GSI1SK', 'GSI2PK', 'GSI2SK'];

/** A change of one item that is checked but not done. */
export interface Plan {
  readonly request: Conditional;
  readonly before: Attributes | undefined;
  /** Whether the condition holds on the item as it is. */
  readonly holds: boolean;
  /** The item as it will be, undefined when it will be gone. @throws ValidationException */
  readonly after: () => Attributes | undefined;
}

export function planPut(state: State, request: Request<'PutItem'> | PutOf<TransactItem>): Plan {
  const item = checkedItem(request.Item);
  const { condition } = expressionsOf(request);
  return plan(state, request, item, condition, () => item);
}

export function planUpdate(state: State, request: Request<'UpdateItem'> | UpdateOf<TransactItem>): Plan {
  const key = checkedKey(request.Key);
  const { condition, update } = expressionsOf(request, request.UpdateExpression);
  return plan(state, request, key, condition, (before) => checkedItem({ ...update(before ?? key), ...key }));
}

export function planDelete(state: State, request: Conditional & { readonly Key: Attributes }): Plan {
  const { condition } = expressionsOf(request);
  return plan(state, request, checkedKey(request.Key), condition, () => undefined);
}

/** A plan that changes nothing. */
export function planCheck(state: State, request: Conditional & { readonly Key: Attributes }): Plan {
  const { condition } = expressionsOf(request);
  return plan(state, request, checkedKey(request.Key), condition, (before) => before);
}

type PutOf<Item> = Item extends { Put: infer Put } ? Put : never;
type UpdateOf<Item> = Item extends { Update: infer Update } ? Update : never;

function plan(
  state: State,
  request: Conditional,
  key: Attributes,
  condition: Condition,
  after: (before: Attributes | undefined) => Attributes | undefined,
): Plan {
  const before = state.item(key);
  return { request, before, holds: condition(before ?? {}), after: () => after(before) };
}

interface Expressions {
  readonly condition: Condition;
  readonly update: (before: Attributes) => Attributes;
}

function expressionsOf(request: Conditional, updateText?: string): Expressions {
  const references: References = {
    names: request.ExpressionAttributeNames,
    values: request.ExpressionAttributeValues,
  };
  const used = new Set<string>();
  const read = <T>(text: string, parse: (tokens: Tokens) => T): T => {
    const tokens = new Tokens(text, references);
    const parsed = parse(tokens);
    if (!tokens.done) throw invalid(`Invalid expression: unexpected ${tokens.peek()}`);
    for (const name of tokens.used) used.add(name);
    return parsed;
  };
  const { ConditionExpression: text } = request;
  const condition = text === undefined ? () => true : read(text, parseCondition);
  const update = updateText === undefined ? (before: Attributes) => before : read(updateText, parseUpdate);
  allUsed(references, used);
  return { condition, update };
}

/** @throws ValidationException unless it is exactly the key of the table. */
export function checkedKey(key: Attributes): Attributes {
  if (Object.keys(key).length !== 2) throw invalid('The provided key element does not match the schema');
  return checkedKeys(key);
}

function checkedKeys(item: Attributes): Attributes {
  for (const name of ['PK', 'SK']) {
    const key = stringOf(item, name);
    if (key === undefined) throw invalid('The provided key element does not match the schema');
    if (key === '') throw invalid('One or more parameter values are not valid: a key is an empty string value');
  }
  return item;
}

/** @throws ValidationException for an item that DynamoDB would not take. */
export function checkedItem(item: Attributes): Attributes {
  checkedKeys(item);
  for (const name of INDEX_KEYS) {
    if (item[name] !== undefined && (stringOf(item, name) ?? '') === '') {
      throw invalid(`One or more parameter values were invalid: Type mismatch or empty value for Index Key ${name}`);
    }
  }
  if (sizeOfItem(item) > MOST_BYTES_OF_ITEM) throw invalid('Item size has exceeded the maximum allowed size');
  return item;
}
