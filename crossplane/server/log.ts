import { setLogger } from '@grpc/grpc-js';
import { destination, pino, stdTimeFunctions, type DestinationStream, type Logger } from 'pino';
import type { CallRecord } from './call.ts';

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
      log.info(fields, message);
    },
    warn: (message, fields = {}) => {
      log.warn(fields, message);
    },
  };
}

/** Lets gRPC's own warnings come out as lines of this log, which are of the process and not of one server. */
export function takeGrpcLog(log: Log): void {
  const warn = (...parts: unknown[]): void => {
    log.warn('gRPC', { detail: parts.map(String).join(' ') });
  };
  setLogger({ error: warn, info: warn, debug: warn });
}

function logCall(log: Logger, record: CallRecord): void {
  const { outcome, composite, tag, bytes, milliseconds, counts, converged, error } = record;
  const fields = { outcome, composite, tag, converged, counts, bytes, milliseconds: rounded(milliseconds) };
  if (outcome === 'composed') log.info(fields, 'composed');
  else if (outcome === 'refused') log.warn(fields, 'refused: the reasons are in the answer');
  else log.error({ ...fields, error: whereFrom(error) }, `${outcome}: the message is in the answer`);
}

/** Where an error comes from, and not what it says: a message may repeat a value. */
function whereFrom(error: unknown): object | undefined {
  if (!(error instanceof Error)) return undefined;
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return { name: error.name, frames: frames.map((frame) => frame.trim()).slice(0, 12) };
}

function rounded(milliseconds: CallRecord['milliseconds']): object {
  return Object.fromEntries(
    Object.entries(milliseconds).map(([phase, value]) => [phase, Math.round(value * 100) / 100]),
  );
}
