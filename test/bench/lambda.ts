import { execFileSync } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { unzipSync } from 'fflate';
import { FUNCTION_NAMES, type FunctionName } from '../../lambda/contract/function-names.ts';
import { postOperations, type Operation } from '../../lambda/contract/operations/index.ts';
import { localSigner } from '../../lambda/data/local-signer.ts';
import { noFilters } from '../../lambda/functions/content-filter.ts';
import { createPost } from '../../lambda/functions/post/app.ts';
import { functionFiles } from '../../release/code.ts';
import { aDiscussion, aPoint, aPost, aProfile, changeBy, somePreferences } from '../lambda/data/samples.ts';
import { twinStores } from '../lambda/data/twin-stores.ts';
import { lambdaEnvironment } from '../support/lambda-environment.ts';

const STARTS = 9;
const CALLS = 300;

/** The code of a function: its size, and how long a new process takes to import it, SDK and all. */
export interface CodeFigures {
  readonly name: FunctionName;
  readonly bytes: number;
  /** Milliseconds, the middle of several processes; what Node itself takes to start is not in it. */
  readonly importTime: number;
}

export function measureCode(): readonly CodeFigures[] {
  const files = functionFiles();
  const folder = mkdtempSync(path.join(tmpdir(), 'owlnest-bench-'));
  const asks = `
    const start = performance.now();
    await import('./index.mjs');
    console.log(performance.now() - start);
  `;
  try {
    return FUNCTION_NAMES.map((name) => {
      const code = unzipSync(files.get(`functions/${name}.zip`) ?? new Uint8Array())['index.mjs'] ?? new Uint8Array();
      writeFileSync(path.join(folder, 'index.mjs'), code);
      const options = { cwd: folder, env: lambdaEnvironment(name), encoding: 'utf8', stdio: 'pipe' } as const;
      const start = (): number =>
        Number(execFileSync(process.execPath, ['--input-type=module', '-e', asks], options).trim());
      return { name, bytes: code.length, importTime: middle(Array.from({ length: STARTS }, start)) };
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** One operation, from the event of API Gateway to the answer, with the table's twin in place of the table. */
export interface HandlerFigures {
  readonly operation: string;
  /** Milliseconds, the middle; the twin's own time is in it. */
  readonly time: number;
}

export async function measureHandlers(): Promise<readonly HandlerFigures[]> {
  const { stores, clock } = twinStores();
  const author = aProfile();
  const change = changeBy(author.userId, clock);
  await stores.users.create(author, somePreferences(author.userId), change);
  const discussion = aDiscussion(author.userId);
  const { discussionId } = discussion;
  const point = aPoint(discussionId);
  await stores.discussions.create({ discussion, points: [point], knowledge: [], listings: [] }, change);
  const [first, ...others] = Array.from({ length: 20 }, () => aPost(point, author.userId));
  if (first === undefined) throw new Error('There is no post.');
  await stores.posts.create(first, point, change);
  for (const post of others) await stores.posts.create(post, { ...point, hasPosts: true }, change);

  const handle = createPost({
    stores,
    now: clock.now,
    random: randomBytes,
    telemetry: { request: () => undefined },
    origins: ['https://test.example'],
    signer: localSigner(randomBytes(32)),
    filter: noFilters,
  });
  const eventOf = ({ method, path: resource }: Operation, params: Readonly<Record<string, string>>, body?: object) => ({
    resource,
    path: `/v1${resource.replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? '')}`,
    httpMethod: method,
    headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
    multiValueQueryStringParameters: {},
    pathParameters: params,
    body: body === undefined ? null : JSON.stringify(body),
    isBase64Encoded: false,
    requestContext: {
      requestId: 'request-of-api-gateway',
      identity: { sourceIp: '203.0.113.7' },
      authorizer: { claims: { sub: author.userId, token_use: 'access', 'cognito:groups': author.role } },
    },
  });
  const posting = { pointId: point.pointId, text: 'Yes.' };
  const events: Readonly<Record<string, () => unknown>> = {
    getPost: () => eventOf(postOperations.getPost, { postId: first.postId }),
    'listPosts, 20 of them': () => eventOf(postOperations.listPosts, { discussionId }),
    createPost: () => eventOf(postOperations.createPost, { discussionId }, posting),
  };
  const figures: HandlerFigures[] = [];
  for (const [operation, event] of Object.entries(events)) {
    const times: number[] = [];
    for (let at = 0; at < CALLS; at++) {
      // No limit of rates is ever met.
      clock.pass(3_600_000);
      const request = event();
      const start = performance.now();
      const { statusCode, body } = await handle(request);
      times.push(performance.now() - start);
      if (statusCode >= 400) throw new Error(`${operation} answers ${statusCode}: ${body}`);
    }
    figures.push({ operation, time: middle(times) });
  }
  return figures;
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
