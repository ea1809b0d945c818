import * as z from 'zod';
import { invalid, TwinFailure, type CancellationReason } from './failure.ts';
import { idOf } from './items.ts';
import { checkedItem, checkedKey, planCheck, planDelete, planPut, planUpdate, type Plan } from './plan.ts';
import { keysOf, query, upTo } from './query.ts';
import { requests, type TransactItem } from './requests.ts';
import type { State } from './state.ts';
import { sizeOfItem, type Attributes } from './value.ts';

const MOST_KEYS = 100;
const MOST_BATCH_WRITES = 25;
const MOST_ACTIONS = 100;
const MOST_BYTES_OF_TRANSACTION = 4 * 1024 * 1024;
const MOST_BYTES_OF_BATCH = 16 * 1024 * 1024;

/** DynamoDB's operations. Each is done at once, so no transaction is ever in conflict with another. */
export const operations = {
  GetItem: taking(requests.GetItem, (state, { Key }) => ({ Item: state.item(checkedKey(Key)) })),
  PutItem: taking(requests.PutItem, (state, request) => single(state, planPut(state, request), request.ReturnValues)),
  UpdateItem: taking(requests.UpdateItem, (state, request) =>
    single(state, planUpdate(state, request), request.ReturnValues),
  ),
  DeleteItem: taking(requests.DeleteItem, (state, request) =>
    single(state, planDelete(state, request), request.ReturnValues),
  ),
  Query: taking(requests.Query, query),

  BatchGetItem: taking(requests.BatchGetItem, (state, { RequestItems }) => {
    const keys = Object.values(RequestItems).flatMap(({ Keys }) => Keys);
    if (keys.length > MOST_KEYS) throw invalid('Too many items requested for the BatchGetItem call');
    distinct(keys, 'Provided list of item keys contains duplicates');
    const found = keys.map((key) => state.item(checkedKey(key))).filter((item) => item !== undefined);
    const fitting = upTo(found, MOST_BYTES_OF_BATCH);
    const left = found.slice(fitting.length).map((item) => keysOf(item, undefined));
    return {
      Responses: { [state.tableName]: fitting },
      UnprocessedKeys: left.length === 0 ? {} : { [state.tableName]: { Keys: left } },
    };
  }),

  BatchWriteItem: taking(requests.BatchWriteItem, (state, { RequestItems }) => {
    const writes = Object.values(RequestItems)
      .flat()
      .map((write) =>
        'PutRequest' in write
          ? { key: write.PutRequest.Item, after: checkedItem(write.PutRequest.Item) }
          : { key: checkedKey(write.DeleteRequest.Key), after: undefined },
      );
    if (writes.length > MOST_BATCH_WRITES) throw invalid('Too many items requested for the BatchWriteItem call');
    distinct(
      writes.map(({ key }) => key),
      'Provided list of item keys contains duplicates',
    );
    for (const { key, after } of writes) state.apply(state.item(key), after);
    return { UnprocessedItems: {} };
  }),

  TransactWriteItems: taking(requests.TransactWriteItems, (state, { TransactItems }) => {
    if (TransactItems.length > MOST_ACTIONS) {
      throw invalid(`Member must have length less than or equal to ${MOST_ACTIONS}`);
    }
    distinct(TransactItems.map(keyOfAction), 'Transaction request cannot include multiple operations on one item');
    const plans = TransactItems.map((item) => planOf(state, item));
    if (plans.some(({ holds }) => !holds)) throw cancelled(plans);
    const changes = plans.map((plan) => ({ before: plan.before, after: plan.after() }));
    const bytes = changes.reduce((sum, { after }) => sum + (after === undefined ? 0 : sizeOfItem(after)), 0);
    if (bytes > MOST_BYTES_OF_TRANSACTION) throw invalid('Transaction payload size exceeds the limit of 4 MB');
    for (const { before, after } of changes) state.apply(before, after);
    return {};
  }),
} as const;

/** One operation: reads the request by its schema, then does it. */
function taking<R>(
  schema: z.ZodType<R>,
  perform: (state: State, request: R) => object,
): (state: State, content: unknown) => object {
  return (state, content) => {
    const { success, data, error } = schema.safeParse(content);
    if (!success) throw invalid(`the twin does not take this request: ${z.prettifyError(error)}`);
    return perform(state, data);
  };
}

function single(state: State, plan: Plan, returns: string): { Attributes?: Attributes } {
  if (!plan.holds) {
    throw new TwinFailure('ConditionalCheckFailedException', 'The conditional request failed', shown(plan));
  }
  const after = plan.after();
  state.apply(plan.before, after);
  const attributes = returns === 'ALL_OLD' ? plan.before : after;
  return returns === 'NONE' || attributes === undefined ? {} : { Attributes: attributes };
}

/** The item on which a condition failed, where the request wants to see it. */
function shown({ request, before }: Plan): { Item?: Attributes } {
  const wanted = request.ReturnValuesOnConditionCheckFailure === 'ALL_OLD';
  return wanted && before !== undefined ? { Item: before } : {};
}

function planOf(state: State, item: TransactItem): Plan {
  if ('Put' in item) return planPut(state, item.Put);
  if ('Update' in item) return planUpdate(state, item.Update);
  return 'Delete' in item ? planDelete(state, item.Delete) : planCheck(state, item.ConditionCheck);
}

function keyOfAction(item: TransactItem): Attributes {
  if ('Put' in item) return item.Put.Item;
  if ('Update' in item) return item.Update.Key;
  return 'Delete' in item ? item.Delete.Key : item.ConditionCheck.Key;
}

function cancelled(plans: readonly Plan[]): TwinFailure {
  const reasons = plans.map((plan): CancellationReason =>
    plan.holds
      ? { Code: 'None' }
      : { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed', ...shown(plan) },
  );
  const codes = reasons.map(({ Code }) => Code).join(', ');
  return new TwinFailure(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    { CancellationReasons: reasons },
  );
}

function distinct(keys: readonly Attributes[], message: string): void {
  if (new Set(keys.map(idOf)).size < keys.length) throw invalid(message);
}
