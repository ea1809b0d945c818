import { setTimeout } from 'node:timers/promises';
import * as z from 'zod';
import type { Invoke } from '../functions.ts';

/** A record of the table's stream as the publisher gets it. */
export interface ChangeRecord {
  readonly dynamodb: { readonly SequenceNumber: string; readonly ApproximateCreationDateTime: number };
}

const BATCH = 100;
const MOST_ATTEMPTS = 5;
const AGAIN_MS = 200;

const answer = z.object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string().nullable() })) });

/**
 * The mapping of the table's stream to the publisher: in order; from the first record that failed it goes on; a record that
 * fails again and again is left out and named, as by the on-failure destination.
 */
export class ChangeStream {
  private readonly waiting: ChangeRecord[] = [];
  private readonly invoke: Invoke;
  private running: Promise<void> | undefined;
  private stopped = false;

  constructor(invoke: Invoke) {
    this.invoke = invoke;
  }

  add(records: readonly ChangeRecord[]): void {
    this.waiting.push(...records);
    this.running ??= this.run();
  }

  stop(): void {
    this.stopped = true;
  }

  private async run(): Promise<void> {
    let attempts = 0;
    while (this.waiting.length > 0 && !this.stopped) {
      const batch = this.waiting.slice(0, BATCH);
      const done = await this.publish(batch);
      this.waiting.splice(0, done);
      if (done > 0) attempts = 0;
      if (done === batch.length) continue;
      attempts++;
      if (attempts >= MOST_ATTEMPTS) {
        const [left] = this.waiting.splice(0, 1);
        console.error(
          `publisher: a record of the stream failed ${MOST_ATTEMPTS} times: ${left?.dynamodb.SequenceNumber}`,
        );
        attempts = 0;
      }
      await setTimeout(AGAIN_MS, undefined, { ref: false });
    }
    this.running = undefined;
  }

  /** @returns how many records from the first on are done */
  private async publish(batch: readonly ChangeRecord[]): Promise<number> {
    try {
      const { batchItemFailures } = answer.parse(await this.invoke('publisher', { Records: batch }));
      const [failed] = batchItemFailures;
      if (failed === undefined) return batch.length;
      const at = batch.findIndex(({ dynamodb }) => dynamodb.SequenceNumber === failed.itemIdentifier);
      return Math.max(0, at);
    } catch (error) {
      console.error(`publisher: ${error instanceof Error ? error.message : String(error)}`);
      return 0;
    }
  }
}
