import {
  ConditionalCheckFailedException,
  TransactionCanceledException,
  TransactionConflictException,
  TransactionInProgressException,
} from '@aws-sdk/client-dynamodb';
import { Refusal, StoreUnavailable } from '../stores/index.ts';
import type { Write } from './writes.ts';

/** Another transaction held one of the items; the same write may succeed in a moment. */
export class Conflict extends StoreUnavailable {}

/** Errors of a service that is overloaded or cannot be reached: trying again later may help. */
const PASSING = new Set([
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottlingException',
  'InternalServerError',
  'ServiceUnavailable',
  'TimeoutError',
  'NetworkingError',
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EPIPE',
]);

/** What an error of the SDK means to a store; what it does not know stays as it is, for it is a mistake of ours. */
export function toStoreError(error: unknown, writes: readonly Write[]): unknown {
  if (error instanceof Refusal || !(error instanceof Error)) return error;
  const [write] = writes;
  if (error instanceof ConditionalCheckFailedException && write !== undefined) {
    return refusalOf(write, error.Item !== undefined);
  }
  if (error instanceof TransactionCanceledException) return ofCancelled(error, writes);
  if (error instanceof TransactionConflictException || error instanceof TransactionInProgressException) {
    return new Conflict('another transaction holds an item', { cause: error });
  }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return PASSING.has(error.name) || PASSING.has(code)
    ? new StoreUnavailable('the table does not answer', { cause: error })
    : error;
}

function ofCancelled(error: TransactionCanceledException, writes: readonly Write[]): Error {
  const reasons = error.CancellationReasons ?? [];
  const at = reasons.findIndex(({ Code }) => Code === 'ConditionalCheckFailed');
  const write = writes[at];
  if (write !== undefined) return refusalOf(write, reasons[at]?.Item !== undefined);
  const codes = reasons.map(({ Code }) => Code ?? 'None').filter((code) => code !== 'None');
  if (codes.includes('TransactionConflict')) return new Conflict('another transaction holds an item', { cause: error });
  const passing = codes.some((code) => code === 'ThrottlingError' || code === 'ProvisionedThroughputExceeded');
  return passing ? new StoreUnavailable('the table is throttled', { cause: error }) : error;
}

/** A condition that failed on an item that is not there says `missing`. */
function refusalOf({ refusal: { reason, subject } }: Write, found: boolean): Refusal {
  return new Refusal(found ? reason : 'missing', subject);
}

export function isConflict(error: unknown): error is Conflict {
  return error instanceof Conflict;
}
