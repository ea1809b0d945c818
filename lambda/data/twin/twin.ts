import { Readable } from 'node:stream';
import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { TwinFailure } from './failure.ts';
import { operations } from './operations.ts';
import { State, type StreamRecord } from './state.ts';

import type { Attributes } from './value.ts';

export type { StreamRecord } from './state.ts';

const bytes = z.custom<Uint8Array>((body) => ArrayBuffer.isView(body));
const request = z.object({
  headers: z.record(z.string(), z.string()),
  body: bytes.transform((body) => new TextDecoder().decode(body)),
});
type Operation = keyof typeof operations;
const TARGET = /^DynamoDB_20120810\.(\w+)$/;

export interface TwinOptions {
  readonly tableName: string;
  readonly now: () => Date;
  /** Names an exception that the call gets instead of an answer; a `ThrottlingException` for instance. */
  readonly fault?: (operation: string) => string | undefined;
  /** Indexes lag behind until `settle()`, as those of DynamoDB may; false where left out. */
  readonly lateIndexes?: boolean;
}

/** One call that the twin answered. */
export interface TwinCall {
  readonly operation: Operation;
  readonly request: unknown;
}

/**
 * DynamoDB in memory: it speaks the protocol to the real SDK client, which is given `clientConfig`. It knows one table and
 * what our stores use of it, and refuses everything else, `Scan` above all. Conditions, errors, limits of transactions, items,
 * pages and batches, indexes and the stream are those of DynamoDB; the contract suite runs against both.
 *
 * Unlike DynamoDB it does one call after the other, so transactions are never in conflict; it throttles when `fault` says so.
 */
export class Twin {
  /** Calls so far, newest last. */
  readonly calls: TwinCall[] = [];
  private readonly state: State;
  private readonly fault: NonNullable<TwinOptions['fault']>;
  private readonly listeners: ((records: readonly StreamRecord[]) => void)[] = [];

  constructor({ tableName, now, lateIndexes = false, fault = () => undefined }: TwinOptions) {
    this.fault = fault;
    this.state = new State(tableName, now, lateIndexes);
  }

  /** What makes an SDK client talk to this twin. */
  clientConfig(): DynamoDBClientConfig {
    return {
      region: 'local',
      endpoint: 'http://twin.invalid',
      credentials: { accessKeyId: 'twin', secretAccessKey: 'twin' },
      // Nobody checks signatures here.
      signer: { sign: (unsigned) => Promise.resolve(unsigned) },
      requestHandler: {
        metadata: { handlerProtocol: 'http/1.1' },
        handle: (sent: unknown) => Promise.resolve({ response: this.answer(sent) }),
        destroy: () => undefined,
        updateHttpClientConfig: () => undefined,
        httpHandlerConfigs: () => ({}),
      },
    };
  }

  /** All changes so far, oldest first. */
  get records(): readonly StreamRecord[] {
    return this.state.records;
  }

  /** Calls the listener with the records of each call that changed something. */
  onChange(listener: (records: readonly StreamRecord[]) => void): void {
    this.listeners.push(listener);
  }

  settle(): void {
    this.state.settle();
  }

  /** Deletes what has expired, as AWS does within days. */
  expire(): void {
    this.tell(() => this.state.expire());
  }

  /** All items as they are. */
  items(): readonly Attributes[] {
    return this.state.all();
  }

  /** Number of items. */
  get size(): number {
    return this.state.all().length;
  }

  /** Answers a request of the protocol: headers in lower case, the body as bytes. */
  answer(sent: unknown): { statusCode: number; headers: Record<string, string>; body: Readable } {
    try {
      return reply(200, this.run(request.parse(sent)));
    } catch (error) {
      if (!(error instanceof TwinFailure)) throw error;
      const { code, message, details } = error;
      return reply(400, { __type: `com.amazonaws.dynamodb.v20120810#${code}`, message, ...details });
    }
  }

  private run({ headers, body }: z.output<typeof request>): object {
    const operation = TARGET.exec(headers['x-amz-target'] ?? '')?.[1] ?? '';
    if (!isKnown(operation)) throw new TwinFailure('AccessDeniedException', `not authorized to perform ${operation}`);
    const exception = this.fault(operation);
    if (exception !== undefined) throw new TwinFailure(exception, 'as the test wants it');
    const content: unknown = JSON.parse(body);
    this.calls.push({ operation, request: content });
    return this.tell(() => operations[operation](this.state, content));
  }

  private tell<T>(change: () => T): T {
    const before = this.state.records.length;
    const result = change();
    const records = this.state.records.slice(before);
    if (records.length > 0) for (const listener of this.listeners) listener(records);
    return result;
  }
}

function isKnown(operation: string): operation is Operation {
  return operation in operations;
}

function reply(
  statusCode: number,
  content: object,
): { statusCode: number; headers: Record<string, string>; body: Readable } {
  const body = Readable.from([Buffer.from(JSON.stringify(content))]);
  return { statusCode, headers: { 'content-type': 'application/x-amz-json-1.0' }, body };
}
