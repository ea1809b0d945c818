import type { DynamoDBRecord, DynamoDBStreamEvent, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { DomainEvent } from '../../../lambda/contract/events.ts';
import type { StreamRecord } from '../../../lambda/data/twin/twin.ts';
import { createPublisher } from '../../../lambda/functions/publisher/app.ts';
import type { ConsumerLog } from '../../../lambda/functions/shared/consumer.ts';

export const quiet: ConsumerLog = { error: () => undefined };

/** What Lambda gives the publisher. */
export function streamEvent(records: readonly (StreamRecord | DynamoDBRecord)[]): DynamoDBStreamEvent {
  return { Records: records as DynamoDBRecord[] };
}

/** The events that the publisher makes of records. */
export async function published(records: readonly StreamRecord[]): Promise<DomainEvent[]> {
  const events: DomainEvent[] = [];
  const bus = {
    publish: (some: readonly DomainEvent[]) => {
      events.push(...some);
      return Promise.resolve(new Set<string>());
    },
  };
  await createPublisher({ bus, log: quiet })(streamEvent(records));
  return events;
}

/** A batch of a queue with any bodies. */
export function batchOf(bodies: readonly unknown[]): SQSEvent {
  return {
    Records: bodies.map((body, at) => ({
      messageId: `m${at}`,
      receiptHandle: '',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: '0',
        SenderId: '',
        ApproximateFirstReceiveTimestamp: '0',
      },
      messageAttributes: {},
      md5OfBody: '',
      eventSource: 'aws:sqs',
      eventSourceARN: '',
      awsRegion: 'local',
    })),
  };
}

/** A batch of events as the bus puts them into a queue. */
export function eventBatch(events: readonly DomainEvent[]): SQSEvent {
  return batchOf(events.map((detail) => ({ id: 'x', source: 'owlnest', 'detail-type': detail.type, detail })));
}

const MOST_DELIVERIES = 200;

/** Brings messages in batches until none fails any more, as a queue does. */
export async function deliver<T>(
  consumer: (batch: SQSEvent) => Promise<SQSBatchResponse>,
  bodies: readonly T[],
  toBatch: (some: readonly T[]) => SQSEvent,
  batchSize: number,
): Promise<void> {
  let waiting = [...bodies];
  for (let delivery = 0; waiting.length > 0; delivery++) {
    if (delivery > MOST_DELIVERIES) throw new Error('the queue never becomes empty');
    const batch = waiting.slice(0, batchSize);
    const { batchItemFailures: failures } = await consumer(toBatch(batch));
    const failed = failures.map(({ itemIdentifier }) => batch[Number(itemIdentifier.slice(1))] as T);
    waiting = [...waiting.slice(batchSize), ...failed];
  }
}
