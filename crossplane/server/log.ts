import { setLogger } from '@grpc/grpc-js';
import { destination, pino, stdTimeFunctions, type DestinationStream, type Logger } from 'pino';
import type { CallRecord } from './call.ts';

/** Longest text of a field; whoever calls chooses some of them. */
const LONGEST = 256;
/** So many different warnings of gRPC are remembered, each of which is said once. */
const REMEMBERED = 100;

/** Where the function tells what it does: one JSON object a line, without anything out of a spec. */
export interface Log {
  call(record: CallRecord): void;
  info(message: string, fields?: object): void;
  warn(message: string, fields?: object): void;
}

export interface LogOptions {
  readonly release: string;
  /** @default standard output, written before the call goes on, so that no line is lost at the end */
  readonly stream?: DestinationStream;
}

export function createLog({ release, stream = destination({ fd: 1, sync: true }) }: LogOptions): Log {
  const log = pino(
    {
      base: { release },
      timestamp: stdTimeFunctions.isoTime,
      messageKey: 'message',
      formatters: { level: (level) => ({ level }) },
    },
    stream,
  );
  return {
    call: (record) => {
      logCall(log, record);
    },
    info: (message, fields = {}) => {
      log.info(bounded(fields), message);
    },
    warn: (message, fields = {}) => {
      log.warn(bounded(fields), message);
    },
  };
}

/**
 * Lets gRPC's own warnings come out as lines of this log, which are of the process and not of one server. What was said
 * is not said again: a peer could repeat it without end.
 */
export function takeGrpcLog(log: Log): void {
  const said = new Set<string>();
  const warn = (...parts: unknown[]): void => {
    // gRPC begins a message with the time.
    const detail = parts
      .map(String)
      .join(' ')
      .replace(/^[\dT:.Z-]+ \| /, '');
    if (said.has(detail) || said.size >= REMEMBERED) return;
    said.add(detail);
    log.warn('gRPC', { detail });
  };
  setLogger({ error: warn, info: warn, debug: warn });
}

function logCall(log: Logger, record: CallRecord): void {
  const { outcome, composite, tag, bytes, milliseconds, counts, converged, error } = record;
  const names = bounded({ tag, composite: composite === undefined ? undefined : bounded(composite) });
  const fields = { outcome, ...names, converged, counts, bytes, milliseconds: rounded(milliseconds) };
  if (outcome === 'composed') log.info(fields, 'composed');
  else if (outcome === 'refused') log.warn(fields, 'refused: the reasons are in the answer');
  else log.error({ ...fields, error: whereFrom(error) }, `${outcome}: the message is in the answer`);
}

/** Where an error comes from, and not what it says: a message may repeat a value. */
function whereFrom(error: unknown): object | undefined {
  if (!(error instanceof Error)) return undefined;
  const { name, message, stack = '' } = error;
  // The stack begins with the message, whose lines may look like places.
  const places = stack.slice(Math.max(0, stack.indexOf(message)) + message.length).split('\n');
  const frames = places.filter((line) => /^\s+at .+(?::\d+:\d+|<anonymous>|native)\)?$/.test(line)).slice(0, 12);
  return { name: short(name), frames: frames.map((frame) => short(frame.trim())) };
}

/** The fields with each text in a bounded length. */
function bounded(fields: object): object {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]: [string, unknown]) => [
      name,
      typeof value === 'string' ? short(value) : value,
    ]),
  );
}

function short(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}… (${text.length} characters)` : text;
}

function rounded(milliseconds: CallRecord['milliseconds']): object {
  return Object.fromEntries(
    Object.entries(milliseconds).map(([phase, value]) => [phase, Math.round(value * 100) / 100]),
  );
}
