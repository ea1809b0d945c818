import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { CallRecord } from './call.ts';

/** Label of a kind that is not ours, whose name a caller could make up without end. */
const OTHER = 'other';

const STATES = ['composed', 'waiting', 'held', 'invalid', 'fatal'] as const;

/** What Prometheus reads; `docs/guides/function.md` has the table. */
export interface Metrics {
  call(record: CallRecord): void;
  certificateLoaded(expires: Date): void;
  certificateRefused(): void;
  /** The text of all metrics, and its media type. */
  text(): Promise<string>;
  readonly contentType: string;
}

/** @param kinds the values of the label `kind` */
export function createMetrics(kinds: readonly string[], release: string): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const known = new Set(kinds);

  new Gauge({ name: 'owlnest_function_info', help: 'The release, always 1.', labelNames: ['release'], registers })
    .labels(release)
    .set(1);
  const requests = new Counter({
    name: 'owlnest_function_requests_total',
    help: 'Calls answered, by kind of the composite and outcome: composed, refused, failed, unreadable.',
    labelNames: ['kind', 'outcome'],
    registers,
  });
  const seconds = new Histogram({
    name: 'owlnest_function_duration_seconds',
    help: 'From the last byte of the request to the first of the answer, by kind.',
    labelNames: ['kind'],
    buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5],
    registers,
  });
  const bytes = new Histogram({
    name: 'owlnest_function_message_bytes',
    help: 'Bytes of requests (direction in) and answers (direction out); core reads answers of 4 MiB at most.',
    labelNames: ['direction'],
    buckets: [4, 16, 64, 256, 1024, 2048, 4096, 16_384, 65_536].map((kibibytes) => kibibytes * 1024),
    registers,
  });
  const resources = new Counter({
    name: 'owlnest_function_resources_total',
    help: 'Entries of all answers, by kind of the composite and state: composed, waiting, held, invalid, fatal.',
    labelNames: ['kind', 'state'],
    registers,
  });
  const open = new Counter({
    name: 'owlnest_function_open_total',
    help: 'Answers in which something was still open, by kind.',
    labelNames: ['kind'],
    registers,
  });
  const expiry = new Gauge({
    name: 'owlnest_function_certificate_expiry_timestamp_seconds',
    help: 'When the served certificate ends.',
    registers,
  });
  const loads = new Counter({
    name: 'owlnest_function_certificate_loads_total',
    help: 'Certificates taken from the folder, by result: loaded, refused.',
    labelNames: ['result'],
    registers,
  });

  return {
    call: (record) => {
      const kind = record.composite !== undefined && known.has(record.composite.kind) ? record.composite.kind : OTHER;
      const { decode, compose, encode } = record.milliseconds;
      requests.labels(kind, record.outcome).inc();
      seconds.labels(kind).observe((decode + compose + encode) / 1000);
      bytes.labels('in').observe(record.bytes.in);
      if (record.outcome !== 'unreadable') bytes.labels('out').observe(record.bytes.out);
      for (const state of STATES) resources.labels(kind, state).inc(record.counts[state]);
      if (!record.converged) open.labels(kind).inc();
    },
    certificateLoaded: (expires) => {
      expiry.set(expires.getTime() / 1000);
      loads.labels('loaded').inc();
    },
    certificateRefused: () => {
      loads.labels('refused').inc();
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
