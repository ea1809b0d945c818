import * as z from 'zod';
import { value } from './value.ts';

const attributes = z.record(z.string(), value);
const expressions = {
  ExpressionAttributeNames: z.record(z.string(), z.string()).default({}),
  ExpressionAttributeValues: attributes.default({}),
};
const condition = {
  ConditionExpression: z.string().optional(),
  ReturnValuesOnConditionCheckFailure: z.enum(['ALL_OLD', 'NONE']).default('NONE'),
};
const common = { TableName: z.string(), ...expressions, ...condition };
const returns = (...values: [string, ...string[]]): z.ZodDefault<z.ZodEnum<Record<string, string>>> =>
  z.enum(values).default('NONE');

const put = { ...common, Item: attributes };
const update = { ...common, Key: attributes, UpdateExpression: z.string() };
const remove = { ...common, Key: attributes };

const keysOfTable = z.record(
  z.string(),
  z.strictObject({ Keys: z.array(attributes).min(1), ConsistentRead: z.boolean().default(false) }),
);

/** What the twin takes, by operation: what the stores use, and nothing else. */
export const requests = {
  GetItem: z.strictObject({ TableName: z.string(), Key: attributes, ConsistentRead: z.boolean().default(false) }),
  PutItem: z.strictObject({ ...put, ReturnValues: returns('NONE', 'ALL_OLD') }),
  UpdateItem: z.strictObject({ ...update, ReturnValues: returns('NONE', 'ALL_OLD', 'ALL_NEW') }),
  DeleteItem: z.strictObject({ ...remove, ReturnValues: returns('NONE', 'ALL_OLD') }),
  Query: z.strictObject({
    TableName: z.string(),
    IndexName: z.enum(['GSI1', 'GSI2']).optional(),
    KeyConditionExpression: z.string(),
    ...expressions,
    ScanIndexForward: z.boolean().default(true),
    ConsistentRead: z.boolean().default(false),
    Limit: z.int().min(1).optional(),
    ExclusiveStartKey: attributes.optional(),
  }),
  BatchGetItem: z.strictObject({ RequestItems: keysOfTable }),
  BatchWriteItem: z.strictObject({
    RequestItems: z.record(
      z.string(),
      z
        .array(
          z.union([
            z.strictObject({ DeleteRequest: z.strictObject({ Key: attributes }) }),
            z.strictObject({ PutRequest: z.strictObject({ Item: attributes }) }),
          ]),
        )
        .min(1),
    ),
  }),
  TransactWriteItems: z.strictObject({
    TransactItems: z
      .array(
        z.union([
          z.strictObject({ Put: z.strictObject(put) }),
          z.strictObject({ Update: z.strictObject(update) }),
          z.strictObject({ Delete: z.strictObject(remove) }),
          z.strictObject({ ConditionCheck: z.strictObject({ ...remove, ConditionExpression: z.string() }) }),
        ]),
      )
      .min(1),
    ClientRequestToken: z.string().optional(),
  }),
} as const;

export type Request<Name extends keyof typeof requests> = z.output<(typeof requests)[Name]>;
export type Conditional = z.output<z.ZodObject<typeof common>>;
export type TransactItem = Request<'TransactWriteItems'>['TransactItems'][number];
