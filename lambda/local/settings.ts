import { randomBytes } from 'node:crypto';
import type { VariablesOf } from '../contract/functions.ts';
import type { FunctionName } from '../contract/function-names.ts';

/** What stands for the resources of an environment. */
export const TABLE_NAME = 'owlnest-main-table-local';
export const FILES_BUCKET = 'owlnest-files-local';
export const REGION = 'ap-northeast-1';
export const USER_POOL_ID = `${REGION}_local`;
export const USER_POOL_CLIENT_ID = 'owlnest-local';
export const RELEASE = 'local';
export const ACCOUNT_ID = '000000000000';

/** What the role of a function is given; made up for each process, so nobody else knows the key. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export function newCredentials(): Credentials {
  return {
    accessKeyId: `LOCAL${randomBytes(8).toString('hex').toUpperCase()}`,
    secretAccessKey: randomBytes(30).toString('base64url'),
  };
}

type KeysOf<T> = T extends unknown ? keyof T & string : never;
type EveryVariable = Readonly<Record<KeysOf<VariablesOf<FunctionName>>, string>>;

/**
 * The environment variables of all functions together, which mean the same in each, and what the SDK reads: every client
 * calls `services`, never AWS, and takes nothing of the person at the keyboard.
 */
export function environmentOf({
  services,
  table,
  webSocket,
  origins,
  credentials,
  logLevel,
}: {
  readonly services: string;
  /** Where DynamoDB answers. */
  readonly table: string;
  /** Where messages to connections are posted. */
  readonly webSocket: string;
  readonly origins: readonly string[];
  readonly credentials: Credentials;
  readonly logLevel: 'error' | 'info';
}): Readonly<Record<string, string>> {
  const declared: EveryVariable = {
    ENVIRONMENT: 'local',
    RELEASE,
    LOG_LEVEL: logLevel,
    ALLOWED_ORIGINS: origins.join(' '),
    TABLE_NAME,
    FILES_BUCKET,
    USER_POOL_ID,
    USER_POOL_CLIENT_ID,
    CURSOR_KEY_ID: 'local',
    EVENT_BUS_NAME: 'owlnest-local',
    WEBSOCKET_ENDPOINT: webSocket,
    MALWARE_SCANNER: 'none',
  };
  return {
    ...declared,
    AWS_REGION: REGION,
    AWS_ENDPOINT_URL: services,
    AWS_ENDPOINT_URL_DYNAMODB: table,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    // A word about Node 20 on every start would hide what matters.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    // Metrics are lines for CloudWatch, which nobody reads here.
    POWERTOOLS_METRICS_DISABLED: 'true',
  };
}
