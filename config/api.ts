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
    .describe(
      'Reserved concurrency: the number of calls of the function that can run at the same time, taken from the limit of the account. 0 switches the function off.',
    ),
});

/** `api` of an environment: the REST and WebSocket APIs and the functions behind them. */
export const apiSection = z.object({
  throttle: z
    .object({
      requestsPerSecond: z
        .int()
        .min(1)
        .max(10000)
        .default(200)
        .describe('Number of requests per second that the APIs accept from all callers together.'),
      burst: z.int().min(1).max(5000).default(400).describe('Number of requests that the APIs accept in one burst.'),
    })
    .prefault({})
    .describe('Request limits of the APIs. A request above them is answered with status 429.'),
  logLevel: z
    .enum(['debug', 'info', 'warn', 'error'])
    .default('info')
    .describe('Lowest level of the messages that functions log; debug logs one request in a hundred.'),
  logRetentionDays: logRetentionDays.default(30).describe('Days that logs of APIs and functions are kept.'),
  metricsPerRoute: z
    .boolean()
    .default(false)
    .describe('Whether CloudWatch has metrics for each route, at some 0.30 US dollars per metric and month.'),
  extraCorsOrigins: z
    .array(origin)
    .max(10)
    .default([])
    .describe('Origins besides https:// domainName whose pages may call the APIs, such as http://localhost:3000.'),
  functions: z
    .object(
      Object.fromEntries(
        FUNCTION_NAMES.map((name) => [name, functionSettings.optional().describe(`Settings of the function ${name}.`)]),
      ),
    )
    .optional()
    .describe('Settings of single functions, by the name of the function.'),
});
