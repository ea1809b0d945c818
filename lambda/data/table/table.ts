import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
  type DynamoDBDocumentClient,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';

import type { IndexName } from './definition.ts';
import { isConflict, Conflict, toStoreError } from './failures.ts';
import type { Key, Kind } from './row.ts';
import { Writes, type Write } from './writes.ts';

export type Item = Readonly<Record<string, unknown>>;

/** A range of the sort key. */
export type Range =
  | { readonly beginsWith: string }
  | { readonly between: readonly [string, string] }
  | { readonly lessThan: string }
  | { readonly greaterThan: string };

export interface QueryInput {
  readonly partition: string;
  readonly index?: IndexName;
  readonly range?: Range;
  readonly newestFirst?: boolean;
  /** Items to read at most. */
  readonly limit?: number;
  /** Only of the table itself: an index cannot be read strongly. */
  readonly strong?: boolean;
}

export interface TableOptions {
  readonly client: DynamoDBDocumentClient;
  readonly name: string;
  readonly now: () => Date;
  /** Waits before an attempt (1, 2, …) after a conflict of transactions. */
  readonly pause: (attempt: number) => Promise<void>;
}

/** DynamoDB answers at most this much of one call. */
export const MOST_KEYS = 100;
const MOST_WRITES_A_BATCH = 25;
const MOST_ATTEMPTS = 5;

const rangeOperators = { lessThan: '<', greaterThan: '>' } as const;

/** The table: reads items by their kind, and writes all or nothing. */
export class Table {
  readonly write: Writes;
  private readonly options: TableOptions;

  constructor(options: TableOptions) {
    this.options = options;
    this.write = new Writes(options.name);
  }

  now(): Date {
    return this.options.now();
  }

  /** @param strong sees every write that was answered before. */
  async get<T extends Id, Id extends object>(kind: Kind<T, Id>, id: Id, strong = true): Promise<T | undefined> {
    const command = new GetCommand({ TableName: this.options.name, Key: kind.key(id), ConsistentRead: strong });
    const { Item: item } = await this.send(() => this.options.client.send(command));
    return item === undefined ? undefined : this.parse(kind, item);
  }

  /** Reads items of several kinds with as few calls as their number allows. */
  async getMany(keys: readonly Key[], strong = false): Promise<Found> {
    const distinct = [...new Map(keys.map(({ PK, SK }) => [`${PK} ${SK}`, { PK, SK }])).values()];
    const parts = chunks(distinct, MOST_KEYS);
    const items = (await Promise.all(parts.map((part) => this.batchGet(part, strong)))).flat();
    return new Found(this, items);
  }

  /** All items of a range, over as many calls as they take, or up to `limit`. */
  async query(input: QueryInput): Promise<readonly Item[]> {
    const items: Item[] = [];
    let start: Record<string, unknown> | undefined;
    do {
      const left = input.limit === undefined ? undefined : input.limit - items.length;
      const command = new QueryCommand(queryInput(this.options.name, input, left, start));
      const answer = await this.send(() => this.options.client.send(command));
      items.push(...(answer.Items ?? []).filter((item) => this.alive(item)));
      start = answer.LastEvaluatedKey;
    } while (start !== undefined && (input.limit === undefined || items.length < input.limit));
    return items;
  }

  /**
   * Writes all or nothing. @throws Refusal of the first write whose condition does not hold; StoreUnavailable.
   */
  async commit(writes: readonly Write[]): Promise<void> {
    const [only] = writes;
    if (only === undefined) return;
    await this.withoutConflict(() => (writes.length === 1 ? this.single(only) : this.transaction(writes)));
  }

  /** One write, and the item as it was before. @throws as `commit`. */
  async exchange(write: Write): Promise<Item | undefined> {
    return this.withoutConflict(() => this.single(write, 'ALL_OLD'));
  }

  /** One update, and the item as it is after. @throws as `commit`. */
  async updated(write: Write): Promise<Item> {
    return (await this.withoutConflict(() => this.single(write, 'ALL_NEW'))) ?? {};
  }

  /** Deletes items without conditions. */
  async deleteAll(keys: readonly Key[]): Promise<void> {
    for (const part of chunks(keys, MOST_WRITES_A_BATCH)) {
      let requests = part.map(({ PK, SK }) => ({ DeleteRequest: { Key: { PK, SK } } }));
      for (let attempt = 1; requests.length > 0; attempt++) {
        const command = new BatchWriteCommand({ RequestItems: { [this.options.name]: requests } });
        const { UnprocessedItems: left } = await this.send(() => this.options.client.send(command));
        requests = (left?.[this.options.name] ?? []).flatMap(({ DeleteRequest: request }) =>
          request === undefined ? [] : [{ DeleteRequest: { Key: keyOf(request.Key ?? {}) } }],
        );
        if (requests.length > 0) await this.again(attempt);
      }
    }
  }

  /** The value of an item; undefined once it has expired, though DynamoDB may delete it days later. */
  parse<T extends Id, Id extends object>(kind: Kind<T, Id>, item: Item): T | undefined {
    return this.alive(item) ? kind.schema.parse(item) : undefined;
  }

  private alive(item: Item): boolean {
    const ttl = item['ttl'];
    return typeof ttl !== 'number' || ttl * 1000 > this.options.now().getTime();
  }

  private async batchGet(keys: Key[], strong: boolean): Promise<Item[]> {
    const items: Item[] = [];
    let left: Record<string, unknown>[] = keys.map((key) => ({ ...key }));
    for (let attempt = 1; left.length > 0; attempt++) {
      const command = new BatchGetCommand({
        RequestItems: { [this.options.name]: { Keys: left, ConsistentRead: strong } },
      });
      const answer = await this.send(() => this.options.client.send(command));
      items.push(...(answer.Responses?.[this.options.name] ?? []));
      left = answer.UnprocessedKeys?.[this.options.name]?.Keys ?? [];
      if (left.length > 0) await this.again(attempt);
    }
    return items;
  }

  private async single(write: Write, values?: 'ALL_OLD' | 'ALL_NEW'): Promise<Item | undefined> {
    const { Put, Update, Delete } = write.params;
    const returns = values === undefined ? {} : { ReturnValues: values };
    const { client } = this.options;
    if (Put !== undefined)
      return (await this.one(write, () => client.send(new PutCommand({ ...Put, ...returns })))).Attributes;
    if (Update !== undefined) {
      return (await this.one(write, () => client.send(new UpdateCommand({ ...Update, ...returns })))).Attributes;
    }
    if (Delete !== undefined) {
      return (await this.one(write, () => client.send(new DeleteCommand({ ...Delete, ...returns })))).Attributes;
    }
    await this.transaction([write]);
    return undefined;
  }

  private async one<Answer>(write: Write, call: () => Promise<Answer>): Promise<Answer> {
    return this.send(call, [write]);
  }

  private async transaction(writes: readonly Write[]): Promise<undefined> {
    const command = new TransactWriteCommand({ TransactItems: writes.map(({ params }) => params) });
    await this.send(() => this.options.client.send(command), writes);
    return undefined;
  }

  private async send<Answer>(call: () => Promise<Answer>, writes: readonly Write[] = []): Promise<Answer> {
    try {
      return await call();
    } catch (error) {
      throw toStoreError(error, writes);
    }
  }

  private async withoutConflict<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await call();
      } catch (error) {
        if (!isConflict(error)) throw error;
        await this.again(attempt, error);
      }
    }
  }

  private async again(attempt: number, cause?: Conflict): Promise<void> {
    if (attempt >= MOST_ATTEMPTS) throw toStoreError(cause ?? new Conflict('items were left over'), []);
    await this.options.pause(attempt);
  }
}

/** What a read of many found. */
export class Found {
  private readonly table: Table;
  private readonly items: ReadonlyMap<string, Item>;

  constructor(table: Table, items: readonly Item[]) {
    this.table = table;
    this.items = new Map(items.map((item) => [`${String(item['PK'])} ${String(item['SK'])}`, item]));
  }

  get<T extends Id, Id extends object>(kind: Kind<T, Id>, id: Id): T | undefined {
    const { PK, SK } = kind.key(id);
    const item = this.items.get(`${PK} ${SK}`);
    return item === undefined ? undefined : this.table.parse(kind, item);
  }
}

/** The primary key of an item. */
export function keyOf(item: Item): Key {
  return { PK: String(item['PK']), SK: String(item['SK']) };
}

function chunks<T>(values: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(values.length / size) }, (_, part) =>
    values.slice(part * size, (part + 1) * size),
  );
}

function queryInput(
  table: string,
  input: QueryInput,
  limit: number | undefined,
  start: Record<string, unknown> | undefined,
): QueryCommandInput {
  const { index = '' } = input;
  const range = rangeOf(input.range);
  return {
    TableName: table,
    KeyConditionExpression: `#pk = :pk${range.expression}`,
    ExpressionAttributeNames: { '#pk': `${index}PK`, ...(range.expression === '' ? {} : { '#sk': `${index}SK` }) },
    ExpressionAttributeValues: { ':pk': input.partition, ...range.values },
    ScanIndexForward: input.newestFirst !== true,
    ...(index === '' ? { ConsistentRead: input.strong === true } : { IndexName: index }),
    ...(limit === undefined ? {} : { Limit: limit }),
    ...(start === undefined ? {} : { ExclusiveStartKey: start }),
  };
}

function rangeOf(range: Range | undefined): { expression: string; values: Record<string, string> } {
  if (range === undefined) return { expression: '', values: {} };
  if ('beginsWith' in range)
    return { expression: ' AND begins_with(#sk, :from)', values: { ':from': range.beginsWith } };
  if ('between' in range) {
    const [from, to] = range.between;
    return { expression: ' AND #sk BETWEEN :from AND :to', values: { ':from': from, ':to': to } };
  }
  if ('lessThan' in range)
    return { expression: ` AND #sk ${rangeOperators.lessThan} :from`, values: { ':from': range.lessThan } };
  return { expression: ` AND #sk ${rangeOperators.greaterThan} :from`, values: { ':from': range.greaterThan } };
}
