import { RunFunctionResponse, type RunFunctionRequest } from '@crossplane-org/function-sdk-typescript';
import type { ComposeResult, ComposeStatus, Composer } from '../compose/types.ts';
import { fatalResponse, readRequest, writeResponse } from './codec.ts';
import { decodeRequest } from './request.ts';

/** Core reads 4 MiB at most, and says no more than a number of a longer answer. */
const LARGEST_ANSWER = 3.8 * 1024 * 1024;

/**
 * `composed`: desired state was given. `refused`: compose found the composite meaningless. `failed`: something
 * unforeseen, or an answer too large for core. `unreadable`: the bytes are no request at all.
 */
export type Outcome = 'composed' | 'refused' | 'failed' | 'unreadable';

/** What there is to say about one call: numbers and names, nothing out of a spec. */
export interface CallRecord {
  readonly outcome: Outcome;
  readonly composite: { readonly kind: string; readonly namespace: string; readonly name: string } | undefined;
  /** Core's own name of the request, which stands in its logs, too. */
  readonly tag: string;
  readonly bytes: { readonly in: number; readonly out: number };
  readonly milliseconds: { readonly decode: number; readonly compose: number; readonly encode: number };
  readonly counts: Counts;
  readonly converged: boolean;
  readonly release: string | undefined;
  /** What was thrown, if it was not foreseen. */
  readonly error: unknown;
}

export interface Counts {
  /** Resources in desired state. */
  readonly composed: number;
  readonly waiting: number;
  readonly held: number;
  readonly invalid: number;
  /** Fatal results. */
  readonly fatal: number;
}

export interface Answer {
  /** Or why the request could not be read, in a sentence. */
  readonly response: Buffer | { readonly unreadable: string };
  readonly record: CallRecord;
}

/** Composes the answer to the bytes of a request. Never throws: what goes wrong concerns this one composite. */
export function answerCall(composer: Composer, bytes: Buffer): Answer {
  const clock = stopwatch();
  let request: RunFunctionRequest;
  try {
    request = decodeRequest(bytes);
  } catch (error) {
    const milliseconds = { decode: clock(), compose: 0, encode: 0 };
    const record = { ...noRecord, outcome: 'unreadable' as const, bytes: { in: bytes.length, out: 0 }, error };
    return { response: { unreadable: whyUnreadable(error) }, record: { ...record, milliseconds } };
  }
  const decode = clock();
  const { response, ...result } = respond(composer, request);
  const compose = clock();
  const encoded = encode(request, response, result);
  return {
    response: encoded.bytes,
    record: {
      ...noRecord,
      ...encoded.facts,
      composite: compositeOf(request),
      tag: request.meta?.tag ?? '',
      bytes: { in: bytes.length, out: encoded.bytes.length },
      milliseconds: { decode, compose, encode: clock() },
    },
  };
}

/** The decoder says no more of depth than its message. */
function whyUnreadable(error: unknown): string {
  return error instanceof Error && error.message.includes('recursion limit')
    ? 'An object of this request is nested too deeply: some 30 levels of objects or 45 of lists can be read.'
    : 'These bytes are no RunFunctionRequest.';
}

type Facts = Pick<CallRecord, 'outcome' | 'counts' | 'converged' | 'release' | 'error'>;

const noCounts: Counts = { composed: 0, waiting: 0, held: 0, invalid: 0, fatal: 0 };
const noFacts = { counts: noCounts, converged: false, release: undefined, error: undefined };
const noRecord = { ...noFacts, composite: undefined, tag: '' };

function respond(composer: Composer, request: RunFunctionRequest): Facts & { readonly response: RunFunctionResponse } {
  try {
    const asked = readRequest(request);
    const result = composer.compose(asked);
    return { ...factsOf(result), response: writeResponse(request, asked.composite, result) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const response = fatalResponse(request, [message]);
    return { ...noFacts, outcome: 'failed', counts: { ...noCounts, fatal: 1 }, error, response };
  }
}

function factsOf(result: ComposeResult): Facts {
  if (result.outcome === 'refused') {
    return { ...noFacts, outcome: 'refused', counts: { ...noCounts, fatal: result.violations.length } };
  }
  const { status, desired } = result;
  return {
    ...noFacts,
    outcome: 'composed',
    counts: { ...countsOf(status), composed: desired.size },
    converged: status.converged.status,
    release: status.release,
  };
}

function countsOf({ waiting, held, invalid }: ComposeStatus): Counts {
  return { ...noCounts, waiting: waiting.length, held: held.length, invalid: invalid.length };
}

function encode(
  request: RunFunctionRequest,
  response: RunFunctionResponse,
  facts: Facts,
): { readonly bytes: Buffer; readonly facts: Facts } {
  const bytes = bytesOf(response);
  if (bytes.length <= LARGEST_ANSWER) return { bytes, facts };
  const sentence =
    `The answer takes ${mebibytes(bytes.length)} MiB for ${facts.counts.composed} resources, and Crossplane reads 4 MiB: ` +
    'give a part of the resources to a child composite.';
  const counts = { ...noCounts, fatal: 1 };
  return {
    bytes: bytesOf(fatalResponse(request, [sentence])),
    facts: { ...noFacts, outcome: 'failed', counts, release: facts.release },
  };
}

function bytesOf(response: RunFunctionResponse): Buffer {
  const { buffer, byteOffset, byteLength } = RunFunctionResponse.encode(response).finish();
  return Buffer.from(buffer, byteOffset, byteLength);
}

function mebibytes(bytes: number): string {
  return (bytes / (1024 * 1024)).toFixed(1);
}

/** Names as far as there are any: what core sent may be no object at all. */
function compositeOf(request: RunFunctionRequest): CallRecord['composite'] {
  const object: unknown = request.observed?.composite?.resource;
  const metadata = field(object, 'metadata');
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  const name = text(field(metadata, 'name'));
  if (name === '') return undefined;
  return { kind: text(field(object, 'kind')), namespace: text(field(metadata, 'namespace')), name };
}

function field(of: unknown, name: string): unknown {
  return typeof of === 'object' && of !== null ? Reflect.get(of, name) : undefined;
}

/** Milliseconds since it was last asked. */
function stopwatch(): () => number {
  let last = performance.now();
  return () => {
    const before = last;
    last = performance.now();
    return last - before;
  };
}
