import { invalid } from './failure.ts';
import { stringOf, type SortedItems } from './items.ts';
import type { Request } from './requests.ts';
import type { State } from './state.ts';
import { parseCondition } from './condition.ts';
import { allUsed, Tokens } from './tokens.ts';
import { sizeOfItem, type Attributes } from './value.ts';

const MOST_BYTES_OF_PAGE = 1024 * 1024;

/** A page of one partition, cut at the limit or at 1 MB, whichever comes first. */
export function query(
  state: State,
  request: Request<'Query'>,
): { Items: Attributes[]; Count: number; ScannedCount: number; LastEvaluatedKey?: Attributes } {
  const { IndexName: index } = request;
  if (index !== undefined && request.ConsistentRead) {
    throw invalid('Consistent reads are not supported on global secondary indexes');
  }
  const items = state.items(index ?? '');
  const { partition, holds } = keyCondition(request, `${index ?? ''}PK`);
  const inOrder = [...items.partition(partition)];
  if (!request.ScanIndexForward) inOrder.reverse();
  const start = request.ExclusiveStartKey;
  const left = inOrder.filter(
    (item) => holds(item) && (start === undefined || isAfter(items, item, start, request.ScanIndexForward)),
  );
  const page = upTo(left, MOST_BYTES_OF_PAGE).slice(0, request.Limit);
  const last = page.at(-1);
  // DynamoDB stops when it has reached the limit, and does not look whether anything is left.
  const goesOn = page.length < left.length || (request.Limit !== undefined && page.length === request.Limit);
  return {
    Items: page,
    Count: page.length,
    ScannedCount: page.length,
    ...(goesOn && last !== undefined ? { LastEvaluatedKey: keysOf(last, index) } : {}),
  };
}

/** As many items from the front as fit into so many bytes, at least one. */
export function upTo(items: readonly Attributes[], bytes: number): Attributes[] {
  let sum = 0;
  const end = items.findIndex((item) => (sum += sizeOfItem(item)) > bytes);
  return items.slice(0, end === -1 ? items.length : Math.max(end, 1));
}

function keyCondition(
  request: Request<'Query'>,
  partitionKey: string,
): { partition: string; holds: (item: Attributes) => boolean } {
  const references = { names: request.ExpressionAttributeNames, values: request.ExpressionAttributeValues };
  const partition = partitionOf(new Tokens(request.KeyConditionExpression, references), partitionKey);
  const tokens = new Tokens(request.KeyConditionExpression, references);
  const holds = parseCondition(tokens);
  allUsed(references, tokens.used);
  return { partition, holds };
}

/** Reads the start of a key condition, `partition key = value`. */
function partitionOf(tokens: Tokens, partitionKey: string): string {
  const name = tokens.name();
  tokens.expect('=');
  const value = tokens.value();
  if (name !== partitionKey || !('S' in value)) throw invalid('Query condition missed key schema element');
  return value.S;
}

function isAfter(items: SortedItems, item: Attributes, start: Attributes, forward: boolean): boolean {
  const order = items.compare(item, start);
  return forward ? order > 0 : order < 0;
}

/** The key of an item, and that of an index where one is given. */
export function keysOf(item: Attributes, index: string | undefined): Attributes {
  const names = ['PK', 'SK', ...(index === undefined ? [] : [`${index}PK`, `${index}SK`])];
  return Object.fromEntries(names.map((name) => [name, { S: stringOf(item, name) ?? '' }]));
}
