import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import type { TestStores } from './contract/stores.ts';

/** One update of one of two items, under a condition. */
interface Step {
  readonly item: 'a' | 'b';
  readonly update: string;
  readonly condition: string;
}

const name = fc.constantFrom('#x', '#y');
const value = fc.constantFrom(':zero', ':one', ':two', ':text', ':other', ':yes');
const number = fc.constantFrom(':zero', ':one', ':two');

const predicate = fc.oneof(
  fc.tuple(fc.constantFrom('attribute_exists', 'attribute_not_exists'), name).map(([test, at]) => `${test}(${at})`),
  fc
    .tuple(name, fc.constantFrom('=', '<>', '<', '<=', '>', '>='), fc.oneof(value, name))
    .filter(([at, , other]) => at !== other)
    .map(([at, operator, other]) => `${at} ${operator} ${other}`),
  name.map((at) => `${at} BETWEEN :zero AND :one`),
  fc.tuple(name, value, value).map(([at, one, other]) => `${at} IN (${one}, ${other})`),
  name.map((at) => `begins_with(${at}, :text)`),
);
const { condition } = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small' },
    predicate,
    fc.tuple(tie('condition'), fc.constantFrom('AND', 'OR'), tie('condition')).map((parts) => parts.join(' ')),
    tie('condition').map((inner) => `NOT (${inner})`),
  ),
}));

const update = fc.oneof(
  fc.tuple(name, value).map(([at, to]) => `SET ${at} = ${to}`),
  fc.tuple(name, value).map(([at, to]) => `SET ${at} = if_not_exists(${at}, ${to})`),
  fc.tuple(name, number).map(([at, by]) => `ADD ${at} ${by}`),
  name.map((at) => `REMOVE ${at}`),
  value.map((to) => `SET #x = ${to} REMOVE #y`),
);

/** A random series of updates. */
export const script: fc.Arbitrary<Step[]> = fc.array(
  fc.record({ item: fc.constantFrom('a', 'b'), update, condition }),
  { minLength: 1, maxLength: 12 },
);

const names = { '#x': 'x', '#y': 'y' };
const values = { ':zero': 0, ':one': 1, ':two': 2, ':text': 'text', ':other': 'text and more', ':yes': true };

let series = 0;

/** What a table answers to each update, and what the items are in the end. */
export async function outcomes({ client, tableName }: TestStores, steps: readonly Step[]): Promise<unknown[]> {
  const partition = `series-${series++}`;
  const results: unknown[] = [];
  for (const { item, update: change, condition: under } of steps) {
    const text = `${change} ${under}`;
    const used = <T>(all: Record<string, T>): Record<string, T> =>
      Object.fromEntries(Object.entries(all).filter(([one]) => new RegExp(`${one}\\b`).test(text)));
    const given = used<string | number | boolean>(values);
    const command = new UpdateCommand({
      TableName: tableName,
      Key: { PK: partition, SK: item },
      UpdateExpression: change,
      ConditionExpression: under,
      ExpressionAttributeNames: used(names),
      ...(Object.keys(given).length > 0 ? { ExpressionAttributeValues: given } : {}),
    });
    results.push(
      await client.send(command).then(
        () => 'done',
        (error: unknown) => (error instanceof Error ? error.name : error),
      ),
    );
  }
  for (const SK of ['a', 'b']) {
    const { Item: item } = await client.send(new GetCommand({ TableName: tableName, Key: { PK: partition, SK } }));
    results.push(item === undefined ? undefined : { x: item['x'] as unknown, y: item['y'] as unknown });
  }
  return results;
}
