import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Context } from 'aws-lambda';
import { runtimeOf } from '../../../lambda/functions/shared/runtime.ts';
import { aPost, aPoint, newId, newUserId } from '../data/samples.ts';
import { batchOf } from './delivery.ts';

const environment = { ENVIRONMENT: 'test', RELEASE: '1.2.3', LOG_LEVEL: 'info' as const };
const context = {
  functionName: 'counters',
  awsRequestId: 'r',
  functionVersion: '1',
  memoryLimitInMB: '512',
} as Context;

/** What is written to the standard output and error, line by line. */
function lines(): { written: () => Record<string, unknown>[] } {
  const spies = (['log', 'info', 'error'] as const).map((name) => jest.spyOn(console, name).mockReturnValue());
  return {
    written: () =>
      spies.flatMap((spy) => spy.mock.calls.map(([line]) => JSON.parse(String(line)) as Record<string, unknown>)),
  };
}
// Otherwise Powertools writes past the console that a test can watch.
beforeAll(() => {
  Object.assign(process.env, { POWERTOOLS_DEV: 'true', POWERTOOLS_METRICS_DISABLED: 'false' });
});
afterAll(() => {
  delete process.env['POWERTOOLS_DEV'];
  delete process.env['POWERTOOLS_METRICS_DISABLED'];
});
afterEach(() => {
  jest.restoreAllMocks();
});

describe('a function that follows events', () => {
  it('measures failures, cold starts and the wait of the oldest message by environment and function', async () => {
    const { observed } = runtimeOf('counters', environment);
    const handle = observed(() => Promise.resolve({ batchItemFailures: [{ itemIdentifier: 'm0' }] }));
    const event = batchOf([{}, {}]);
    const [first] = event.Records;
    if (first !== undefined) first.attributes.SentTimestamp = String(Date.now() - 5000);
    if (event.Records[1] !== undefined) event.Records[1].attributes.SentTimestamp = String(Date.now());
    const output = lines();
    await handle(event, context);
    await handle(event, context);
    const [one, two] = output.written();
    expect(one).toMatchObject({ Environment: 'test', Function: 'counters', BatchItemFailures: 1, ColdStarts: 1 });
    expect(one?.['ConsumerLagMs']).toBeGreaterThanOrEqual(5000);
    expect(two).not.toHaveProperty('ColdStarts');
  });

  it('fault 21: logs of an error its name and place, and nothing that it says', () => {
    const post = aPost(aPoint(newId()), newUserId(), { text: 'SECRET TEXT' });
    const output = lines();
    runtimeOf('counters', environment).log.error('an event could not be handled', {
      messageId: 'm0',
      error: new TypeError(`cannot read ${post.text} of hanako@example.com`),
    });
    const text = JSON.stringify(output.written());
    expect(text).toContain('TypeError');
    expect(text).toContain('"release":"1.2.3"');
    expect(text).not.toMatch(/SECRET|hanako|example\.com/);
  });
});
