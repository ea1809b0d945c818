import { createHash } from 'node:crypto';
import type { RouteClass } from '../../contract/operations/index.ts';

/** What is told about an error: where it happened, but nothing that it says, for that can be a person's data. */
export interface ErrorEntry {
  readonly name: string;
  /** The same for errors that happen at the same place. */
  readonly fingerprint: string;
  /** Functions and lines of the stack, outermost last. */
  readonly frames: readonly string[];
}

/** All that is ever logged or measured of one request. */
export interface RequestEntry {
  readonly route: string;
  readonly routeClass: RouteClass;
  readonly status: number;
  readonly durationMs: number;
  readonly correlationId: string;
  readonly requestId: string;
  readonly userIdHash?: string;
  /** Code of the problem. */
  readonly problem?: string;
  readonly error?: ErrorEntry;
}

/** Where logs and metrics go: one call a request. */
export interface Telemetry {
  request(entry: RequestEntry): void;
}

/** Enough of a hash to follow one user through the logs, and too little to find out who it is without the ids. */
export function hashed(value: string): string {
  return createHash('sha256').update(value).digest('hex').slice(0, 16);
}

/** What may be logged of an error: its name and place. */
export function errorEntry(error: unknown): ErrorEntry {
  if (!(error instanceof Error)) return { name: typeof error, fingerprint: hashed(typeof error), frames: [] };
  const frames = (error.stack ?? '')
    .split('\n')
    .flatMap((line) => /^\s+at (.+)$/.exec(line)?.[1] ?? [])
    .map((frame) => frame.replace(/\(?(?:file:\/\/)?\/\S*\//, '('))
    .slice(0, 10);
  return { name: error.name, fingerprint: hashed(`${error.name} ${frames[0] ?? ''}`), frames };
}
