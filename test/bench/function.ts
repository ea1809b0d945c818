/**
 * `npm run bench:function`: the bundle as it runs in the container: start, latency, and memory over many calls. Nothing
 * is asserted: machines differ.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Client, credentials } from '@grpc/grpc-js';
import { FunctionRunnerServiceService, RunFunctionRequest } from '@crossplane-org/function-sdk-typescript';
import { checkoutRelease } from '../../cli/project.ts';
import { bundle, functionEntry } from '../../tools/bundle/bundle.ts';
import { measureRemote, requestFor, startRemote } from './remote.ts';
import { convergedRequest } from './synthetic.ts';

const CALLS = 2000;
/** Until then V8 still takes what it will keep. */
const WARMUP = 5000;
const EVERY = 50;
/** Calls of the largest size at one time, and the resources that make one as large: gRPC's limit is 4 MiB. */
const AT_ONCE = 40;
const LARGE_RESOURCES = 1200;

const root = fileURLToPath(new URL('../../', import.meta.url));
/** Beside `imports/`, as the sources are, since the synthetic kind reads the lock from there. */
const folder = path.join(root, 'build/bench');

mkdirSync(folder, { recursive: true });
const product = await bundled('owlnest.mjs', functionEntry(root, checkoutRelease()));
const synthetic = await bundled('server.mjs', `import './test/bench/server.ts';`);
const { request } = convergedRequest(100);

const starts = await times(5, () => coldStart(product));
console.log(`start until the first answer: median ${middle(starts).toFixed(0)} ms of ${list(starts)} (aim < 1000)`);

const { timing, megabytes } = await measureRemote(request, { file: synthetic, execArgv: [] });
console.log(
  `100 resources over gRPC: p50 ${timing.p50.toFixed(1)} ms, p99 ${timing.p99.toFixed(1)} ms, ` +
    `processor ${timing.cpu.toFixed(1)} ms a call, ${megabytes.toFixed(0)} MB resident (${timing.calls} calls; aim p50 < 15)`,
);

for (const [how, execArgv] of [
  ['as it is', []],
  ['with garbage collected before each look', ['--expose-gc']],
] as const) {
  const looks = await memory({ file: synthetic, execArgv });
  for (const name of ['rss', 'heapUsed'] as const) {
    const slope = slopeOf(looks.map((look) => [look.calls, look[name]]));
    const [first, last] = [looks[0], looks.at(-1)].map((look) => ((look?.[name] ?? 0) / 1e6).toFixed(1));
    console.log(
      `${name} ${how}: ${((slope * 1000) / 1e6).toFixed(2)} MB a 1,000 calls (${first} → ${last} MB; aim < 1)`,
    );
  }
}

const { peak, bytes } = await burst();
console.log(
  `${AT_ONCE} calls of ${(bytes / 2 ** 20).toFixed(1)} MiB at once: ${(peak / 2 ** 20).toFixed(0)} MiB resident at most (limit of the container: 512)`,
);

/** The largest requests that core sends, many at once: all are answered, and memory stays bounded. */
async function burst(): Promise<{ readonly peak: number; readonly bytes: number }> {
  const large = requestFor(convergedRequest(LARGE_RESOURCES).request);
  const remote = await startRemote(large, { file: synthetic, execArgv: [] });
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, () => remote.call()));
    return { peak: (await remote.usage()).peak, bytes: RunFunctionRequest.encode(large).finish().length };
  } finally {
    remote.stop();
  }
}

async function bundled(name: string, entry: string): Promise<string> {
  const file = path.join(folder, name);
  writeFileSync(file, (await bundle(root, entry)).code);
  return file;
}

/** Milliseconds from the start of the process to the answer of its first call. */
async function coldStart(file: string): Promise<number> {
  const start = performance.now();
  const child = spawn(process.execPath, [file, 'serve', '--insecure', '--address', '127.0.0.1:0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const { address } = JSON.parse(line) as { readonly address: string };
  const client = new Client(address, credentials.createInsecure());
  const { path: method, requestSerialize, responseDeserialize } = FunctionRunnerServiceService.runFunction;
  await new Promise<void>((resolve, reject) => {
    client.makeUnaryRequest(method, requestSerialize, responseDeserialize, requestFor(request), (error) => {
      if (error === null) resolve();
      else reject(error);
    });
  });
  const spent = performance.now() - start;
  client.close();
  child.kill();
  await once(child, 'close');
  return spent;
}

interface Look {
  readonly calls: number;
  readonly rss: number;
  readonly heapUsed: number;
}

/** What the process uses, looked at again and again once it is warm. */
async function memory(program: {
  readonly file: string;
  readonly execArgv: readonly string[];
}): Promise<readonly Look[]> {
  const remote = await startRemote(requestFor(request), program);
  try {
    const looks: Look[] = [];
    for (let calls = 1; calls <= WARMUP + CALLS; calls++) {
      await remote.call();
      if (calls >= WARMUP && calls % EVERY === 0) looks.push({ calls, ...(await remote.usage()) });
    }
    return looks;
  } finally {
    remote.stop();
  }
}

/** By least squares. */
function slopeOf(points: readonly (readonly [number, number])[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(points.map(([one]) => one)), mean(points.map(([, one]) => one))];
  const above = points.reduce((sum, [one, other]) => sum + (one - x) * (other - y), 0);
  return above / points.reduce((sum, [one]) => sum + (one - x) ** 2, 0);
}

async function times(count: number, measure: () => Promise<number>): Promise<readonly number[]> {
  const found: number[] = [];
  for (let time = 0; time < count; time++) found.push(await measure());
  return found;
}

function middle(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function list(values: readonly number[]): string {
  return values.map((value) => value.toFixed(0)).join(', ');
}
