import { randomBytes } from 'node:crypto';
import type { FunctionName } from '../../contract/function-names.ts';
import { powertoolsTelemetry } from '../clients/powertools.ts';
import { tableStores } from '../clients/table.ts';
import type { RestDependencies } from './dependencies.ts';

/** What every function of the REST API is given in AWS: the table, the clock, chance, the log. */
export function realDependencies(
  functionName: FunctionName,
  environment: {
    readonly ENVIRONMENT: string;
    readonly RELEASE: string;
    readonly LOG_LEVEL: 'debug' | 'info' | 'warn' | 'error';
    readonly TABLE_NAME: string;
    readonly ALLOWED_ORIGINS: readonly string[];
  },
): RestDependencies {
  const { ENVIRONMENT, RELEASE: release, LOG_LEVEL: logLevel } = environment;
  return {
    stores: tableStores(environment.TABLE_NAME),
    now: () => new Date(),
    random: randomBytes,
    telemetry: powertoolsTelemetry({ functionName, environment: ENVIRONMENT, release, logLevel }),
    origins: environment.ALLOWED_ORIGINS,
  };
}
