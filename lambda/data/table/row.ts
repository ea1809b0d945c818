import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { RetentionClass } from '../../contract/retention.ts';
import type { Change } from '../stores/index.ts';

export interface Key {
  readonly PK: string;
  readonly SK: string;
}

/** Where an item stands in the indexes; left out of one whose keys it lacks. */
export interface IndexKeys {
  readonly GSI1PK?: string;
  readonly GSI1SK?: string;
  readonly GSI2PK?: string;
  readonly GSI2SK?: string;
}

/** One kind of item: where it stands in the table, what it holds, and how long it lives. */
export interface Kind<T extends Id, Id extends object> {
  /** The item's attribute `type`. */
  readonly type: string;
  readonly schema: z.ZodType<T>;
  readonly class: RetentionClass;
  readonly key: (id: Id) => Key;
  readonly indexes?: (value: T) => IndexKeys;
  /** When the item ends, in milliseconds since 1970; undefined where it stays. */
  readonly expires?: (value: T, change: Change) => number | undefined;
  /** Names of all attributes of the content. */
  readonly fields: readonly string[];
}

/** An item as the table keeps it. */
export type Row = Key & IndexKeys & Readonly<Record<string, unknown>>;

/** Version of the items' form. */
const SCHEMA = 1;

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

type ItemSchema = z.ZodObject | z.ZodDiscriminatedUnion<z.ZodObject[]>;

function fieldsOf(schema: ItemSchema): readonly string[] {
  const objects = schema instanceof z.ZodObject ? [schema] : schema.options;
  return [...new Set(objects.flatMap((object) => Object.keys(object.shape)))];
}

/** Declares a kind of item. */
export function kind<S extends ItemSchema, Id extends object>(
  schema: S,
  rest: Omit<Kind<z.output<S> & Id, Id>, 'schema' | 'fields'>,
): Kind<z.output<S> & Id, Id>;
export function kind(schema: ItemSchema, rest: Omit<Kind<object, object>, 'schema' | 'fields'>): Kind<object, object> {
  return { ...rest, schema, fields: fieldsOf(schema) };
}

/** Attributes that every item has besides its keys and its content. */
export const METADATA = ['type', 'schema', 'class', 'createdAt', 'updatedAt', 'changedBy', 'correlationId'] as const;

/** Who changed the item, when and for which request; events tell it. */
export function metadata(
  { type, class: retention }: { readonly type: string; readonly class: RetentionClass },
  change: Change,
): Readonly<Record<(typeof METADATA)[number], string | number>> {
  return {
    type,
    schema: SCHEMA,
    class: retention,
    createdAt: change.at,
    updatedAt: change.at,
    changedBy: change.actorId,
    correlationId: change.correlationId,
  };
}

/** Seconds since 1970, as `ttl` wants them. */
export function ttlOf(milliseconds: number): number {
  return Math.ceil(milliseconds / 1000);
}

/** The item of a value. @throws ZodError when the value is not of the kind's form: a mistake of the caller. */
export function toRow<T extends Id, Id extends object>(of: Kind<T, Id>, value: T, change: Change): Row {
  const expires = of.expires?.(value, change);
  return {
    ...metadata(of, change),
    ...of.schema.parse(value),
    ...(expires === undefined ? {} : { ttl: ttlOf(expires) }),
    ...of.key(value),
    ...of.indexes?.(value),
  };
}

/** A stable hash of a text into 0 … shards - 1. */
export function shardOf(text: string, shards: number): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0) % shards;
}

/** The names of all shards of a partition. */
export function shardsOf(partition: string, shards: number): readonly string[] {
  return Array.from({ length: shards }, (_, shard) => `${partition}#${shard}`);
}
