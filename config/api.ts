import { z } from 'zod';
import { FUNCTION_NAMES } from '../lambda/contract/function-names.ts';
import { logRetentionDays, origin } from './fields.ts';

/** What a file may say of one function. The defaults stand with the function's declaration. */
const functionSettings = z.object({
  memoryMb: z
    .int()
    .min(128)
    .max(10240)
    .optional()
    .describe('Memory in MB. Lambda gives processor time in proportion, one whole processor at 1769 MB.'),
  reservedConcurrency: z
    .int()
    .min(0)
    .max(1000)
    .optional()
    .describe('Calls that may run at once, taken from what the account has; 0 switches the function off.'),
});

/** `api` of an environment: the REST and WebSocket APIs and the functions behind them. */
export const apiSection = z.object({
  throttle: z
    .object({
      requestsPerSecond: z.int().min(1).max(10000).default(200).describe('Requests a second, over all callers.'),
      burst: z.int().min(1).max(5000).default(400).describe('Requests that may come at the same moment.'),
    })
    .prefault({})
    .describe('How much the APIs take before they answer 429.'),
  logLevel: z
    .enum(['debug', 'info', 'warn', 'error'])
    .default('info')
    .describe('Lowest level of what functions log; debug logs one request in a hundred.'),
  logRetentionDays: logRetentionDays.default(30).describe('Days that logs of APIs and functions are kept.'),
  metricsPerRoute: z
    .boolean()
    .default(false)
    .describe('Whether CloudWatch counts each route by itself, at some 0.30 US dollars a metric and month.'),
  extraCorsOrigins: z
    .array(origin)
    .max(10)
    .default([])
    .describe('Origins besides https:// domainName whose pages may call the APIs, such as http://localhost:3000.'),
  functions: z
    .object(Object.fromEntries(FUNCTION_NAMES.map((name) => [name, functionSettings.optional()])))
    .optional()
    .describe('Changes to single functions, by name.'),
});
