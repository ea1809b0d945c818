import type { FunctionName } from '../../lambda/contract/function-names.ts';
import { functions } from '../../lambda/contract/functions.ts';

/** A value for every variable that any function declares, and for those that Lambda sets itself. */
const VARIABLES = {
  ALLOWED_ORIGINS: 'https://test.example',
  AWS_REGION: 'ap-northeast-1',
  CURSOR_KEY_ID: '00000000-0000-4000-8000-000000000000',
  ENVIRONMENT: 'test',
  EVENT_BUS_NAME: 'owlnest-events-test',
  FILES_BUCKET: 'owlnest-files-test',
  LOG_LEVEL: 'error',
  MALWARE_SCANNER: 'none',
  RELEASE: '0.0.0',
  TABLE_NAME: 'owlnest-main-table-test',
  USER_POOL_CLIENT_ID: 'client',
  USER_POOL_ID: 'ap-northeast-1_pool',
  WEBSOCKET_ENDPOINT: 'https://x.execute-api.ap-northeast-1.amazonaws.com/test',
};

/** Exactly what the contract declares for the function, and what Lambda sets. */
export function lambdaEnvironment(name: FunctionName): Readonly<Record<string, string>> {
  const declared = new Set([...Object.keys(functions[name].environment.shape), 'AWS_REGION']);
  return Object.fromEntries(Object.entries(VARIABLES).filter(([variable]) => declared.has(variable)));
}
