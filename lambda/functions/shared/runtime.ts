import { createHash } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import type { FunctionName } from '../../contract/function-names.ts';
import type { ConsumerLog } from './consumer.ts';

/** Connect 0.5 s, answer 2 s, three attempts: then the next delivery tries again. */
export const clientConfig = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 500, requestTimeout: 2000 },
} as const;

/** What every function is told about itself. */
export interface RuntimeEnvironment {
  readonly ENVIRONMENT: string;
  readonly RELEASE: string;
  readonly LOG_LEVEL: 'debug' | 'info' | 'warn' | 'error';
}

export interface Runtime {
  readonly log: ConsumerLog;
  readonly now: () => Date;
  /** Adds what logs and metrics say of every call: cold starts, and how many messages come again. */
  readonly observed: <Event, Answer>(
    handle: (event: Event) => Promise<Answer>,
  ) => (event: Event, context: Context) => Promise<Answer>;
}

/** Logger and metrics of a function that no REST request calls. */
export function runtimeOf(name: FunctionName, environment: RuntimeEnvironment): Runtime {
  const { ENVIRONMENT, RELEASE, LOG_LEVEL } = environment;
  const logger = new Logger({
    serviceName: 'owlnest',
    logLevel: LOG_LEVEL === 'debug' ? 'DEBUG' : 'INFO',
    persistentKeys: { function: name, release: RELEASE },
  });
  logger.setLogLevel(levels[LOG_LEVEL]);
  const metrics = new Metrics({
    namespace: 'OwlNest',
    singleMetric: false,
    defaultDimensions: { Environment: ENVIRONMENT, Function: name },
  });

  return {
    now: () => new Date(),
    log: {
      error: (message, { messageId, error }) => {
        logger.error(message, { ...(messageId === undefined ? {} : { messageId }), error: withoutText(error) });
      },
    },
    observed: (handle) => async (event, context) => {
      logger.addContext(context);
      metrics.captureColdStartMetric(name);
      try {
        const answer = await handle(event);
        const failures = failuresIn(answer);
        if (failures > 0) metrics.addMetric('BatchItemFailures', MetricUnit.Count, failures);
        return answer;
      } finally {
        metrics.publishStoredMetrics();
      }
    },
  };
}

const levels = { debug: 'DEBUG', info: 'INFO', warn: 'WARN', error: 'ERROR' } as const;

/** Name and place of an error: what it says may be somebody's data. */
function withoutText(error: Error): { name: string; fingerprint: string; frames: string[] } {
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const place = `${error.name} ${frames[0]?.trim() ?? ''}`;
  return {
    name: error.name,
    fingerprint: createHash('sha256').update(place).digest('hex').slice(0, 16),
    frames: frames.slice(0, 10).map((frame) => frame.trim()),
  };
}

function failuresIn(answer: unknown): number {
  const isBatch = typeof answer === 'object' && answer !== null && 'batchItemFailures' in answer;
  return isBatch && Array.isArray(answer.batchItemFailures) ? answer.batchItemFailures.length : 0;
}
