import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import * as z from 'zod';
import type { FunctionName } from '../../contract/function-names.ts';
import { powertoolsLogger } from '../clients/powertools.ts';
import { errorEntry } from '../rest/telemetry.ts';
import type { ConsumerLog } from './consumer.ts';

/** What every function is told about itself. */
export interface RuntimeEnvironment {
  readonly ENVIRONMENT: string;
  readonly RELEASE: string;
  readonly LOG_LEVEL: 'debug' | 'info' | 'warn' | 'error';
}

export interface Runtime {
  readonly log: ConsumerLog;
  readonly now: () => Date;
  /** Adds what logs and metrics say of every call: cold starts, how many messages come again, and how long the oldest has waited. */
  readonly observed: <Event, Answer>(
    handle: (event: Event) => Promise<Answer>,
  ) => (event: Event, context: Context) => Promise<Answer>;
}

/** Logger and metrics of a function that no REST request calls. */
export function runtimeOf(name: FunctionName, environment: RuntimeEnvironment): Runtime {
  const { ENVIRONMENT, RELEASE, LOG_LEVEL } = environment;
  const logger = powertoolsLogger({
    functionName: name,
    environment: ENVIRONMENT,
    release: RELEASE,
    logLevel: LOG_LEVEL,
  });
  const metrics = new Metrics({ namespace: 'OwlNest', serviceName: 'owlnest' });
  // The service as a dimension would be one metric more for each, at 0.30 US dollars a month.
  metrics.clearDefaultDimensions();
  let cold = true;

  const measure = (received: number, event: unknown, failures: number): void => {
    metrics.addDimensions({ Environment: ENVIRONMENT, Function: name });
    metrics.addMetric('BatchItemFailures', MetricUnit.Count, failures);
    if (cold) metrics.addMetric('ColdStarts', MetricUnit.Count, 1);
    cold = false;
    const sent = oldestSentIn(event);
    if (sent !== undefined) metrics.addMetric('ConsumerLagMs', MetricUnit.Milliseconds, Math.max(0, received - sent));
    metrics.publishStoredMetrics();
  };

  return {
    now: () => new Date(),
    log: {
      error: (message, { messageId, error }) => {
        logger.error(message, { ...(messageId === undefined ? {} : { messageId }), error: errorEntry(error) });
      },
    },
    observed: (handle) => async (event, context) => {
      logger.addContext(context);
      const received = Date.now();
      const answer = await handle(event);
      measure(received, event, failuresIn(answer));
      return answer;
    },
  };
}

function failuresIn(answer: unknown): number {
  const isBatch = typeof answer === 'object' && answer !== null && 'batchItemFailures' in answer;
  return isBatch && Array.isArray(answer.batchItemFailures) ? answer.batchItemFailures.length : 0;
}

/** A batch of a queue or of the stream: when its oldest record was sent. Other events have none. */
const batch = z.object({
  Records: z.array(
    z.union([
      z.object({ attributes: z.object({ SentTimestamp: z.string() }) }),
      z.object({ dynamodb: z.object({ ApproximateCreationDateTime: z.number() }) }),
    ]),
  ),
});

/** In milliseconds since 1970. */
function oldestSentIn(event: unknown): number | undefined {
  const records = batch.safeParse(event).data?.Records ?? [];
  if (records.length === 0) return undefined;
  const times = records.map((record) =>
    'attributes' in record
      ? Number(record.attributes.SentTimestamp)
      : record.dynamodb.ApproximateCreationDateTime * 1000,
  );
  return Math.min(...times);
}
