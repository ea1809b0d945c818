import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import type { DomainEvent } from '../../contract/events.ts';
import { asError, type ConsumerLog } from '../shared/consumer.ts';
import { eventOf } from './events.ts';

/** Where events go. */
export interface EventBus {
  /** @returns the ids of the events that the bus did not take; all of them when it does not answer. */
  publish(events: readonly DomainEvent[]): Promise<ReadonlySet<string>>;
}

interface Step {
  readonly sequenceNumber: string;
  readonly event: DomainEvent | undefined;
}

/**
 * Turns records of the stream into events on the bus. What comes before the first failure is done; from there on the stream
 * brings everything again, so an event may be published twice, but none is left out.
 */
export function createPublisher(deps: {
  readonly bus: EventBus;
  readonly log: ConsumerLog;
}): (batch: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse> {
  return async ({ Records: records }) => {
    const steps: Step[] = [];
    let unreadable: string | undefined;
    for (const record of records) {
      const sequenceNumber = record.dynamodb?.SequenceNumber ?? '';
      try {
        steps.push({ sequenceNumber, event: eventOf(record) });
      } catch (error) {
        deps.log.error('a record makes no event', { error: asError(error) });
        unreadable = sequenceNumber;
        break;
      }
    }
    const events = steps.flatMap(({ event }) => event ?? []);
    const refused = events.length === 0 ? new Set() : await deps.bus.publish(events);
    const failed = steps.find(({ event }) => event !== undefined && refused.has(event.id));
    const itemIdentifier = failed?.sequenceNumber ?? unreadable;
    return { batchItemFailures: itemIdentifier === undefined ? [] : [{ itemIdentifier }] };
  };
}
