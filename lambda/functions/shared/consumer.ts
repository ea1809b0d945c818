import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import * as z from 'zod';
import { domainEvent, type DomainEvent } from '../../contract/events.ts';

/** A message of the queue that holds an event of the bus. */
const body = z.object({ detail: domainEvent });

/** An event, and the message that brought it. */
export interface Delivery {
  readonly messageId: string;
  readonly event: DomainEvent;
}

/** What could not be read stays in the queue until it is parked in the dead-letter queue: it is never dropped. */
export interface Read {
  readonly deliveries: readonly Delivery[];
  readonly unreadable: readonly { readonly messageId: string; readonly error: Error }[];
}

/** Reads the events of a batch. */
export function readEvents({ Records: records }: SQSEvent): Read {
  const deliveries: Delivery[] = [];
  const unreadable: { messageId: string; error: Error }[] = [];
  for (const record of records) {
    try {
      deliveries.push({ messageId: record.messageId, event: readEvent(record) });
    } catch (error) {
      unreadable.push({ messageId: record.messageId, error: asError(error) });
    }
  }
  return { deliveries, unreadable };
}

/** @throws when the message is not an event of the bus. */
export function readEvent({ body: text }: SQSRecord): DomainEvent {
  return body.parse(JSON.parse(text)).detail;
}

/** Tells the queue which messages to bring again. */
export function failuresOf(messageIds: Iterable<string>): SQSBatchResponse {
  return { batchItemFailures: [...messageIds].map((itemIdentifier) => ({ itemIdentifier })) };
}

export function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/** What is logged of a failure. */
export interface ConsumerLog {
  error(message: string, details: { readonly messageId?: string; readonly error: Error }): void;
}

/** Handles messages one by one; those that fail come again. */
export function eachRecord(
  handle: (record: SQSRecord) => Promise<void>,
  log: ConsumerLog,
): (batch: SQSEvent) => Promise<SQSBatchResponse> {
  const handled = async (record: SQSRecord): Promise<void> => {
    try {
      await handle(record);
    } catch (error) {
      log.error('a message could not be handled', { messageId: record.messageId, error: asError(error) });
      throw error;
    }
  };
  // A processor keeps the state of one batch, so each batch has its own. One after the other: the same event can be in a
  // batch twice.
  return (batch) =>
    processPartialResponse(batch, handled, new BatchProcessor(EventType.SQS), {
      processInParallel: false,
      throwOnFullBatchFailure: false,
    });
}

/** The same for events of the bus. */
export function eachEvent(
  handle: (event: DomainEvent) => Promise<void>,
  log: ConsumerLog,
): (batch: SQSEvent) => Promise<SQSBatchResponse> {
  return eachRecord((record) => handle(readEvent(record)), log);
}
