import type { TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { Entity } from 'dynamodb-toolbox/entity';
import type { Condition as AnyCondition } from 'dynamodb-toolbox/entity/actions/parseCondition';
import { ConditionCheck } from 'dynamodb-toolbox/entity/actions/transactCheck';
import { DeleteTransaction } from 'dynamodb-toolbox/entity/actions/transactDelete';
import { PutTransaction } from 'dynamodb-toolbox/entity/actions/transactPut';
import { UpdateTransaction } from 'dynamodb-toolbox/entity/actions/transactUpdate';
import { $add, $get, $remove, $set } from 'dynamodb-toolbox/entity/actions/update';
import { any, type AnySchema } from 'dynamodb-toolbox/schema/any';
import { item } from 'dynamodb-toolbox/schema/item';
import { Table as TableOfLibrary } from 'dynamodb-toolbox/table';
import type { Change, RefusalReason } from '../stores/index.ts';
import { metadata, METADATA, toRow, type IndexKeys, type Kind } from './row.ts';

type TransactWriteItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** One write of one item, and what it means when its condition does not hold. */
export interface Write {
  readonly params: TransactWriteItem;
  readonly refusal: { readonly reason: RefusalReason; readonly subject: string };
}

type Value = string | number | boolean | null;
type Operand = Value | { readonly attr: string };

/** A condition on attributes of the item as it is. */
export type Condition =
  | { readonly attr: string; readonly exists: boolean }
  | { readonly attr: string; readonly eq: Operand }
  | { readonly attr: string; readonly ne: Operand }
  | { readonly attr: string; readonly lt: Operand }
  | { readonly attr: string; readonly lte: Operand }
  | { readonly attr: string; readonly gt: Operand }
  | { readonly attr: string; readonly in: Value[] }
  | { readonly and: Condition[] }
  | { readonly or: Condition[] };

/** The item is there; every item has a type. */
export const present: Condition = { attr: 'type', exists: true };
const absent: Condition = { attr: 'type', exists: false };

/** What an update changes: `add` counts from 0 where the attribute is missing. */
export interface Changes<T> {
  readonly set?: Partial<T> & { readonly ttl?: number };
  readonly add?: { readonly [Name in keyof T]?: number };
  readonly remove?: readonly ((keyof T & string) | 'ttl')[];
  readonly indexes?: IndexKeys;
}

/** Builds writes for one table, with their expressions; sends nothing. */
export class Writes {
  private readonly table;
  private readonly entities = new Map<string, Entity>();

  constructor(tableName: string) {
    this.table = new TableOfLibrary({
      name: tableName,
      partitionKey: { name: 'PK', type: 'string' },
      sortKey: { name: 'SK', type: 'string' },
      entityAttributeSavedAs: 'type',
    });
  }

  /** Puts the item, in place of any other unless `condition` forbids it. */
  put<T extends Id, Id extends object>(
    kind: Kind<T, Id>,
    value: T,
    change: Change,
    condition?: Condition,
    reason: RefusalReason = 'version',
  ): Write {
    const built = this.entity(kind)
      .build(PutTransaction)
      .item(toRow(kind, value, change))
      .options(options(condition));
    return { params: { Put: built.params().Put }, refusal: { reason, subject: kind.type } };
  }

  /** Puts an item that must not be there yet. */
  create<T extends Id, Id extends object>(kind: Kind<T, Id>, value: T, change: Change): Write {
    return this.put(kind, value, change, absent, 'exists');
  }

  /** Puts the next version of an entity; the stored one must have the version that `value` has. */
  replace<T extends Id & { version: number; updatedAt: string }, Id extends object>(
    kind: Kind<T, Id>,
    value: T,
    change: Change,
    condition?: Condition,
  ): Write {
    const same: Condition = { attr: 'version', eq: value.version };
    return this.put(kind, next(value, change), change, condition === undefined ? same : { and: [same, condition] });
  }

  /** Changes attributes of an item; makes the item where `condition` allows that it is missing. */
  update<T extends Id, Id extends object>(
    kind: Kind<T, Id>,
    id: Id,
    changes: Changes<T>,
    change: Change,
    condition?: Condition,
    reason: RefusalReason = 'state',
  ): Write {
    const { createdAt, ...rest } = metadata(kind, change);
    const built = this.entity(kind)
      .build(UpdateTransaction)
      .item({
        ...rest,
        createdAt: $get('createdAt', createdAt),
        ...mapped(id, $set),
        ...changes.indexes,
        ...mapped(changes.set ?? {}, $set),
        ...mapped(changes.add ?? {}, $add),
        ...Object.fromEntries((changes.remove ?? []).map((name) => [name, $remove()])),
        ...kind.key(id),
      })
      .options(options(condition));
    return { params: { Update: built.params().Update }, refusal: { reason, subject: kind.type } };
  }

  /** Deletes an item; one that is not there is a success unless `condition` says otherwise. */
  remove<T extends Id, Id extends object>(
    kind: Kind<T, Id>,
    id: Id,
    condition?: Condition,
    reason: RefusalReason = 'state',
  ): Write {
    const built = this.entity(kind)
      .build(DeleteTransaction)
      .key({ ...kind.key(id) })
      .options(options(condition));
    return { params: { Delete: built.params().Delete }, refusal: { reason, subject: kind.type } };
  }

  /** Writes nothing, but holds only while the condition does. */
  check<T extends Id, Id extends object>(kind: Kind<T, Id>, id: Id, condition: Condition): Write {
    const built = this.entity(kind)
      .build(ConditionCheck)
      .key({ ...kind.key(id) })
      .condition(condition)
      .options({ returnValuesOnConditionFalse: 'ALL_OLD' });
    return {
      params: { ConditionCheck: built.params().ConditionCheck },
      refusal: { reason: 'state', subject: kind.type },
    };
  }

  private entity({ type, fields }: { readonly type: string; readonly fields: readonly string[] }): Entity {
    const known = this.entities.get(type);
    if (known !== undefined) return known;
    const names = [...fields, ...METADATA, 'ttl', 'GSI1PK', 'GSI1SK', 'GSI2PK', 'GSI2SK'];
    const attributes: Record<string, AnySchema> = {
      ...Object.fromEntries(names.map((name) => [name, any().optional()])),
      PK: any().key(),
      SK: any().key(),
    };
    const made: Entity = new Entity({
      name: type,
      table: this.table,
      schema: item(attributes),
      entityAttribute: false,
      timestamps: false,
      computeKey: (key: Record<string, unknown>) => ({ PK: String(key['PK']), SK: String(key['SK']) }),
    });
    this.entities.set(type, made);
    return made;
  }
}

/** The next version of an entity. */
export function next<T extends { version: number; updatedAt: string }>(value: T, change: Change): T {
  return { ...value, version: value.version + 1, updatedAt: change.at };
}

function options(condition: Condition | undefined): {
  condition?: AnyCondition;
  returnValuesOnConditionFalse?: 'ALL_OLD';
} {
  return condition === undefined ? {} : { condition, returnValuesOnConditionFalse: 'ALL_OLD' as const };
}

function mapped(values: object, wrap: (value: unknown) => unknown): Record<string, unknown> {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]: [string, unknown]) => [name, wrap(value)]));
}
