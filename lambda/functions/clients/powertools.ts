import { LogFormatter, LogItem, Logger } from '@aws-lambda-powertools/logger';
import type { LogAttributes, UnformattedAttributes } from '@aws-lambda-powertools/logger/types';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { RequestEntry, Telemetry } from '../rest/telemetry.ts';

/** One JSON line an event, with the keys that all functions share. */
class Line extends LogFormatter {
  private readonly common: Readonly<Record<string, string>>;

  constructor(common: Readonly<Record<string, string>>) {
    super();
    this.common = common;
  }

  override formatAttributes(attributes: UnformattedAttributes, rest: LogAttributes): LogItem {
    const { timestamp, logLevel, message, xRayTraceId } = attributes;
    const time = timestamp.toISOString();
    const first = { time, level: logLevel, message, ...this.common, traceId: xRayTraceId };
    return new LogItem({ attributes: first }).addAttributes(rest);
  }
}

export interface TelemetryOptions {
  readonly functionName: string;
  readonly environment: string;
  readonly release: string;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
}

/** The logger of a function: names what everybody who reads the line needs. */
export function powertoolsLogger({ functionName, environment, release, logLevel }: TelemetryOptions): Logger {
  const common = { service: 'owlnest', function: functionName, environment, release };
  const sampled = logLevel === 'debug' ? { logLevel: 'info' as const, sampleRateValue: DEBUG_SAMPLE } : { logLevel };
  return new Logger({ serviceName: 'owlnest', logFormatter: new Line(common), ...sampled });
}

/** At `debug` one environment of a function in a hundred logs everything, the others what `info` does. */
const DEBUG_SAMPLE = 0.01;

/** Logs and EMF metrics by way of Powertools, whose lines go to the standard output. */
export function powertoolsTelemetry(options: TelemetryOptions): Telemetry {
  const logger = powertoolsLogger(options);
  const metrics = new Metrics({ namespace: 'OwlNest', serviceName: 'owlnest' });
  // The service as a dimension would be one metric more for each, at 0.30 US dollars a month.
  metrics.clearDefaultDimensions();
  let cold = true;

  return {
    request: (entry) => {
      const { status } = entry;
      if (status >= 500) logger.error('request', { ...entry });
      else logger.info('request', { ...entry });
      measure(metrics, options.environment, entry);
      if (cold) {
        const start = metrics.singleMetric();
        start.clearDefaultDimensions();
        start.addDimensions({ Environment: options.environment, Function: options.functionName });
        start.addMetric('ColdStarts', MetricUnit.Count, 1);
        cold = false;
      }
    },
  };
}

/** One set of metrics by the class of the route. */
function measure(metrics: Metrics, environment: string, { routeClass, status, durationMs }: RequestEntry): void {
  metrics.addDimensions({ Environment: environment, RouteClass: routeClass });
  metrics.addMetric('Requests', MetricUnit.Count, 1);
  metrics.addMetric('Errors', MetricUnit.Count, status >= 400 && status < 500 ? 1 : 0);
  metrics.addMetric('Faults', MetricUnit.Count, status >= 500 ? 1 : 0);
  metrics.addMetric('Throttled', MetricUnit.Count, status === 429 ? 1 : 0);
  metrics.addMetric('Latency', MetricUnit.Milliseconds, durationMs);
  metrics.publishStoredMetrics();
}
