import { describe, expect, it, jest } from '@jest/globals';
import { operationList, operations, type OperationId } from '../../../../lambda/contract/operations/index.ts';
import { powertoolsTelemetry } from '../../../../lambda/functions/clients/powertools.ts';
import { World } from './world.ts';

/** A text that is nowhere else, put into every field of a request by its place. */
const MARK = 'Zq9SecretOwl';

/** A body in which every text of the schema is marked, right or wrong as it may be. */
function marked(id: OperationId): Record<string, unknown> {
  const { body }: { body?: { shape: object } } = operations[id] as { body?: { shape: object } };
  return Object.fromEntries(Object.keys(body?.shape ?? {}).map((name) => [name, valueFor(name)]));
}

function valueFor(name: string): unknown {
  if (name === 'email') return `${MARK}@example.com`;
  if (name === 'code') return '918273';
  if (['points', 'knowledge'].includes(name)) return [{ title: MARK, order: 0, kind: 'text', text: MARK }];
  if (['tags', 'categories', 'attachments', 'mentions'].includes(name)) return [MARK];
  return `${MARK}-${name}`;
}

describe('what is logged of a request', () => {
  it.each(operationList.map(({ id }) => id as OperationId))(
    '%s: nothing of body, query, token, ticket or names',
    async (id) => {
      const world = new World();
      const as = await world.user('admin', { displayName: `${MARK} name`, bio: MARK });
      world.emails.set(as.userId, `${MARK}@example.com`);
      world.pool = new Error(`${MARK} in the words of the SDK`);
      const params = { userId: as.userId, discussionId: MARK, postId: MARK, fileId: MARK };
      const headers = { Authorization: `Bearer ${MARK}`, 'User-Agent': MARK, Cookie: MARK, 'if-match': '"1"' };
      const operation = operations[id];
      const query = { cursor: MARK, tag: MARK };
      for (const asked of ['query' in operation ? query : {}, {}]) {
        const body = 'body' in operation ? marked(id) : undefined;
        const answer = await world.call(id, { as, params, query: asked, body, headers });
        const logged = JSON.stringify(world.entries);
        expect(logged).not.toContain(MARK);
        expect(logged).not.toContain('918273');
        expect(logged).not.toContain(as.userId);
        expect(logged).not.toContain('203.0.113.7');
        // An answer repeats no value either, but for the path.
        if (answer.problem !== undefined) {
          expect(JSON.stringify({ ...answer.problem, instance: '' })).not.toContain(MARK);
        }
      }
      expect(world.entries).toHaveLength(2);
    },
  );

  it('names what an operator needs', async () => {
    const world = new World();
    const as = await world.user('viewer');
    await world.call('getMe', { as, headers: { 'x-correlation-id': 'abcdefgh' } });
    expect(world.entries).toEqual([
      {
        route: 'GET /users/me',
        routeClass: 'read',
        status: 200,
        durationMs: 0,
        correlationId: 'abcdefgh',
        requestId: 'request-of-api-gateway',
        userIdHash: expect.stringMatching(/^[0-9a-f]{16}$/),
      },
    ]);
  });
});

describe('the log of Powertools', () => {
  it('is one JSON line an event with our keys, and EMF metrics by environment and class', () => {
    const written: string[] = [];
    // Powertools writes by way of a console of its own to the standard output, or by the global one in development.
    const spies = [jest.spyOn(process.stdout, 'write'), jest.spyOn(process.stderr, 'write')].map((spy) =>
      spy.mockImplementation((text) => {
        written.push(String(text));
        return true;
      }),
    );
    try {
      const telemetry = powertoolsTelemetry({
        functionName: 'post',
        environment: 'staging',
        release: '1.2.3',
        logLevel: 'info',
      });
      const entry = { routeClass: 'write', durationMs: 12, correlationId: 'c', requestId: 'r' } as const;
      telemetry.request({ ...entry, route: 'POST /x', status: 201 });
      telemetry.request({ ...entry, route: 'POST /x', status: 429 });
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
    const lines = written
      .join('')
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line));
    const [log] = lines.filter(({ message }) => message === 'request');
    expect(log).toMatchObject({
      level: 'INFO',
      service: 'owlnest',
      function: 'post',
      environment: 'staging',
      release: '1.2.3',
      route: 'POST /x',
      status: 201,
    });
    expect(log.time).toMatch(/Z$/);
    const metrics = lines.filter((line) => '_aws' in line);
    const sets = metrics.map((line) => line._aws.CloudWatchMetrics[0].Dimensions[0]);
    expect(sets).toEqual(
      expect.arrayContaining([
        ['Environment', 'RouteClass'],
        ['Environment', 'Function'],
      ]),
    );
    expect(metrics.filter((line) => 'ColdStarts' in line)).toHaveLength(1);
    expect(metrics.filter((line) => 'Requests' in line).map((line) => line.Throttled)).toEqual([0, 1]);
  });
});
