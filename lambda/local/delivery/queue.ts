import { createHash, randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import * as z from 'zod';
import type { FunctionName } from '../../contract/function-names.ts';
import type { Invoke } from '../functions.ts';
import { ACCOUNT_ID, REGION } from '../settings.ts';

/** Messages of a batch; receives before a message is parked in the dead-letter queue. */
const BATCH = 10;
const MOST_RECEIVES = 5;
/** AWS waits for the visibility time-out, minutes; who watches the console does not want to. */
const AGAIN_MS = 500;

const batchAnswer = z
  .object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })).default([]) })
  .nullish();

interface Message {
  readonly messageId: string;
  readonly body: string;
  /** Milliseconds since 1970. */
  readonly sentAt: number;
  receives: number;
}

/** A queue and the function behind it: at least once, in batches, what fails comes again, then it is parked. */
export class Queue {
  private readonly waiting: Message[] = [];
  private readonly name: FunctionName;
  private readonly invoke: Invoke;
  private running: Promise<void> | undefined;
  private stopped = false;

  constructor(name: FunctionName, invoke: Invoke) {
    this.name = name;
    this.invoke = invoke;
  }

  send(body: unknown): void {
    this.waiting.push({ messageId: randomUUID(), body: JSON.stringify(body), sentAt: Date.now(), receives: 0 });
    this.running ??= this.run();
  }

  stop(): void {
    this.stopped = true;
  }

  private async run(): Promise<void> {
    while (this.waiting.length > 0 && !this.stopped) {
      const batch = this.waiting.splice(0, BATCH);
      const failed = await this.deliver(batch);
      for (const message of failed) {
        if (message.receives < MOST_RECEIVES) this.waiting.push(message);
        else console.error(`${this.name}: a message failed ${MOST_RECEIVES} times and is parked: ${message.messageId}`);
      }
      if (failed.length > 0) await setTimeout(AGAIN_MS, undefined, { ref: false });
    }
    this.running = undefined;
  }

  /** @returns what the function did not manage */
  private async deliver(batch: readonly Message[]): Promise<readonly Message[]> {
    for (const message of batch) message.receives++;
    try {
      const result = batchAnswer.parse(await this.invoke(this.name, { Records: batch.map((one) => this.record(one)) }));
      const failed = new Set(result?.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      return batch.filter(({ messageId }) => failed.has(messageId));
    } catch (error) {
      console.error(`${this.name}: ${error instanceof Error ? error.message : String(error)}`);
      return batch;
    }
  }

  private record({ messageId, body, sentAt, receives }: Message): object {
    return {
      messageId,
      receiptHandle: randomUUID(),
      body,
      attributes: {
        ApproximateReceiveCount: String(receives),
        SentTimestamp: String(sentAt),
        SenderId: 'local',
        ApproximateFirstReceiveTimestamp: String(sentAt),
      },
      messageAttributes: {},
      md5OfBody: createHash('md5').update(body).digest('hex'),
      eventSource: 'aws:sqs',
      eventSourceARN: `arn:aws:sqs:${REGION}:${ACCOUNT_ID}:owlnest-${this.name}-local`,
      awsRegion: REGION,
    };
  }
}
