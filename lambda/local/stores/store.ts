import type { ChangeRecord } from '../delivery/stream.ts';

/** Where the table is. */
export interface LocalTable {
  /** Where DynamoDB answers by itself; undefined where the local services answer by `answer`. */
  readonly endpoint: string | undefined;
  readonly answer: ((headers: Readonly<Record<string, string>>, body: Uint8Array) => Promise<Response>) | undefined;
  /** Begins to tell of changes, oldest first, each once. */
  readonly follow: (told: (records: readonly ChangeRecord[]) => void) => void;
  readonly stop: () => Promise<void>;
}
