import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { functions } from '../../../lambda/contract/functions.ts';

const NAMES = [
  'cleanup',
  'counters',
  'file-scan',
  'identity-sync',
  'post-confirmation',
  'publisher',
  'push',
  'websocket',
] as const;

const variables = {
  ENVIRONMENT: 'test',
  RELEASE: '0.0.0',
  LOG_LEVEL: 'error',
  TABLE_NAME: 'owlnest-main-table-test',
  FILES_BUCKET: 'owlnest-files-test',
  USER_POOL_ID: 'local_pool',
  EVENT_BUS_NAME: 'owlnest-events-test',
  WEBSOCKET_ENDPOINT: 'https://x.execute-api.ap-northeast-1.amazonaws.com/test',
  MALWARE_SCANNER: 'none',
  AWS_REGION: 'ap-northeast-1',
};

describe('the handler of', () => {
  const before = { ...process.env };
  beforeAll(() => {
    Object.assign(process.env, variables);
  });
  afterAll(() => {
    process.env = before;
  });

  it.each(NAMES)('%s starts with the environment that is declared, and not without it', async (name) => {
    const path = `../../../lambda/functions/${name}/handler.ts`;
    const { handler } = (await import(path)) as { handler: unknown };
    expect(handler).toBeInstanceOf(Function);
    expect(functions[name].environment.safeParse({}).success).toBe(false);
  });
});
