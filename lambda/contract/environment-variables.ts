import * as z from 'zod';

/** Several values in one variable, apart by spaces. */
const words = z.string().transform((text) => text.split(' ').filter((word) => word !== ''));

/**
 * What every function is told. What the chart gives is the input of a schema, what the handler gets is its output; the
 * region and the credentials come from Lambda itself.
 */
export const common = {
  ENVIRONMENT: z.string().min(1).describe('Name of the environment.'),
  RELEASE: z.string().min(1).describe('Version of the release.'),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).describe('Lowest level that is logged.'),
};

/** Each variable once; a function's environment is a choice of them besides the common ones. */
export const variables = {
  ALLOWED_ORIGINS: words.describe('Origins whose pages may call the API, apart by spaces.'),
  TABLE_NAME: z.string().min(3).describe('The table.'),
  FILES_BUCKET: z.string().min(3).describe('Bucket of uploaded files.'),
  USER_POOL_ID: z.string().min(1).describe('The user pool.'),
  USER_POOL_CLIENT_ID: z.string().min(1).describe('Its client for the application; it has no secret.'),
  CURSOR_KEY_ID: z.string().min(1).describe('ARN or id of the KMS HMAC key that signs cursors.'),
  EVENT_BUS_NAME: z.string().min(1).describe('Bus that carries domain events.'),
  WEBSOCKET_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .describe('Where messages to connections are posted: https://{api}.execute-api.{region}.amazonaws.com/{stage}.'),
  MALWARE_SCANNER: z
    .enum(['guardduty', 'none'])
    .describe('Whose result a file waits for before it is clean; without a scanner it is clean after our own checks.'),
};
