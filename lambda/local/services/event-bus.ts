import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { ACCOUNT_ID, REGION } from '../settings.ts';
import { ServiceError, type JsonService } from './service.ts';

/** An event as EventBridge gives it to targets. */
export interface BusEvent {
  readonly version: '0';
  readonly id: string;
  readonly source: string;
  readonly account: string;
  readonly region: string;
  /** ISO 8601 */
  readonly time: string;
  readonly resources: readonly string[];
  readonly 'detail-type': string;
  readonly detail: unknown;
}

export function busEvent(source: string, detailType: string, detail: unknown): BusEvent {
  const now = new Date();
  return {
    version: '0',
    id: randomUUID(),
    source,
    account: ACCOUNT_ID,
    region: REGION,
    time: now.toISOString(),
    resources: [],
    'detail-type': detailType,
    detail,
  };
}

/** PutEvents takes so many entries, of so many bytes together. */
const MOST_ENTRIES = 10;
const MOST_BYTES = 256 * 1024;

const entries = z.object({
  Entries: z
    .array(z.object({ Source: z.string(), DetailType: z.string(), Detail: z.string(), EventBusName: z.string() }))
    .min(1),
});

/** EventBridge's PutEvents. */
export function eventBus(publish: (event: BusEvent) => void): JsonService {
  return (operation, input) => {
    if (operation !== 'PutEvents') {
      throw new ServiceError('UnsupportedOperationException', `the local EventBridge does not know ${operation}`);
    }
    const { Entries } = entries.parse(input);
    const bytes = Entries.reduce((sum, { Detail }) => sum + Buffer.byteLength(Detail), 0);
    if (Entries.length > MOST_ENTRIES || bytes > MOST_BYTES) {
      throw new ServiceError('ValidationException', `at most ${MOST_ENTRIES} entries of ${MOST_BYTES} bytes together`);
    }
    const put = Entries.map(({ Source, DetailType, Detail }) => busEvent(Source, DetailType, JSON.parse(Detail)));
    for (const event of put) publish(event);
    return { FailedEntryCount: 0, Entries: put.map(({ id }) => ({ EventId: id })) };
  };
}
