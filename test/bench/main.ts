/** `npm run bench`: counts, sizes and times of one run, beside what we aim at. Nothing is asserted: machines differ. */
import { fileURLToPath } from 'node:url';
import Table from 'cli-table3';
import { callsOfOperations, shareOfBusiestKey } from './data.ts';
import { measureCode, measureHandlers } from './lambda.ts';
import { measure } from './measure.ts';
import { readUnits } from './read-units.ts';
import { measureRemote } from './remote.ts';
import { measureStart, measureWide, sizeOf } from './start.ts';
import { composer, convergedRequest } from './synthetic.ts';

const table = new Table({ head: ['what', 'measured', 'aim'], style: { head: [], border: [], compact: true } });
const row = (what: string, measured: string, aim = ''): unknown => table.push([what, measured, aim]);
const milliseconds = (value: number): string => `${value.toFixed(value < 10 ? 2 : 1)} ms`;
const microseconds = (seconds: number): string => `${(seconds * 1e6).toFixed(0)} µs`;
const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(0)} kB`;

const perResource = new Map<number, number>();
for (const [size, warmup] of [
  [10, 1000],
  [100, 200],
  [1000, 20],
] as const) {
  const { request, passes } = convergedRequest(size);
  const { calls, p50, p99, cpu } = await measure(() => composer.compose(request), warmup);
  perResource.set(size, cpu / size);
  row(`compose ${size}, in process (${calls} calls)`, `p50 ${milliseconds(p50)}, p99 ${milliseconds(p99)}`);
  row(`compose ${size}, processor time a call`, milliseconds(cpu));
  row(`compose ${size}, passes until converged`, String(passes));
}
for (const [small, large] of [
  [10, 100],
  [100, 1000],
] as const) {
  const ratio = (perResource.get(large) ?? 0) / (perResource.get(small) ?? 0);
  row(`processor time a resource, ${large} : ${small}`, ratio.toFixed(2), 'about 1: linear');
}

await attempt('compose 100 over gRPC', async () => {
  const remote = await measureRemote(convergedRequest(100).request);
  const { calls, p50, p99, cpu } = remote.timing;
  row(`compose 100 over gRPC (${calls} calls)`, `p50 ${milliseconds(p50)}, p99 ${milliseconds(p99)}`, 'p50 < 15 ms');
  row('compose 100 over gRPC, processor time of the function', milliseconds(cpu), '< 12 ms');
  row('compose 100 over gRPC, request', kilobytes(remote.requestBytes), '< 64 MiB');
  row('compose 100 over gRPC, response', kilobytes(remote.responseBytes), '< 4 MiB');
  row('the function, resident memory', `${remote.megabytes.toFixed(0)} MB`);
});
await attempt('npm start', () => {
  const start = measureStart();
  row('npm start, wall', `${start.seconds.toFixed(2)} s`, '< 5 s');
  row('npm start, processor time', `${start.cpuSeconds.toFixed(2)} s`);
  row('npm start, largest resident memory', `${start.megabytes.toFixed(0)} MB`, '< 400 MB');
  for (const [name, passes] of Object.entries(start.passes)) row(`npm start, passes of ${name}`, String(passes));
  row('dist/', `${start.files} files, ${kilobytes(start.bytes)}`);
});
await attempt('npm start with every layer', () => {
  const { spent, environments } = measureWide();
  const [one] = environments;
  if (one === undefined || environments.some(({ ready }) => !ready)) throw new Error('Not all of them are ready.');
  const { resources, composites, passes } = one;
  const what = `${environments.length} environments of ${resources} resources in ${composites} composites`;
  row(`${what}, wall`, `${spent.seconds.toFixed(2)} s`, '< 3 s');
  row(`${what}, processor time`, `${spent.cpuSeconds.toFixed(2)} s`);
  row(
    `${what}, processor time a pass of a resource`,
    microseconds(spent.cpuSeconds / (environments.length * resources * passes)),
  );
  row(`${what}, largest resident memory`, `${spent.megabytes.toFixed(0)} MB`, '< 400 MB');
});
await attempt('calls on the table', async () => {
  for (const { what, calls, items } of await callsOfOperations()) row(`table: ${what}`, `${calls}, ${items} items`);
});
await attempt('busiest key', async () => {
  const { users, calls, shares } = await shareOfBusiestKey();
  for (const { side, key, percent } of shares) {
    row(`table: ${users} users, ${calls} calls, busiest key of ${side}`, `${percent.toFixed(2)} % (${key})`);
  }
});
await attempt('code of functions', () => {
  for (const { name, bytes, importTime } of measureCode()) {
    row(`function ${name}: code, cold import`, `${kilobytes(bytes)}, p50 ${milliseconds(importTime)}`, 'p50 < 120 ms');
  }
});
await attempt('handlers without I/O', async () => {
  for (const { operation, time } of await measureHandlers()) {
    row(`${operation}: handler and the table's twin`, `p50 ${milliseconds(time)}`);
  }
});
await attempt('read units', async () => {
  for (const { posts, units } of await readUnits([10, 1_000, 100_000])) {
    row(`DynamoDB Local: read units of a page of 20 among ${posts} posts`, units, 'the same');
  }
});
const lock = sizeOf(fileURLToPath(new URL('../../imports/lock', import.meta.url)));
row('imports/lock/', `${lock.files} files, ${kilobytes(lock.bytes)}`);

console.log(table.toString());

/** One broken part does not hide the numbers of the others. */
async function attempt(what: string, part: () => Promise<void> | void): Promise<void> {
  try {
    await part();
  } catch (error) {
    row(what, 'failed');
    console.error(`${what}: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
