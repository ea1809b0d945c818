/**
 * How much the tests of the spine and of the building blocks notice: changes one place at a time in a copy of the checkout, and counts
 * the changes after which the tests still pass. For the night and for looking; far too slow for every commit.
 *
 *   npm run mutation -- --sample 40 --seed 1 [--jobs 2] [--only hold.ts]
 */
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { mutantsOf, mutate, type Mutant } from './mutants.ts';
import { openSandbox, type Outcome, type Sandbox } from './sandbox.ts';

const checkout = fileURLToPath(new URL('../../', import.meta.url));

/** Rooms under test, and the tests that stand for them, the quickest first. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  'crossplane/reference': ['test/reference', 'test/compose'],
  'crossplane/compose': ['test/compose', 'test/embedded'],
  'crossplane/schema': ['test/schema', 'test/definition', 'test/compose'],
  'crossplane/definition': ['test/definition', 'test/compose', 'test/charts/platform'],
  'crossplane/embedded': ['test/embedded', 'test/compose'],
  'crossplane/server': ['test/server'],
  'charts/constructs': ['test/charts/storage', 'test/policy'],
};

interface Job extends Mutant {
  readonly path: string;
  readonly source: string;
  readonly tests: readonly string[];
}

interface Result {
  readonly job: Job;
  readonly outcome: Outcome;
}

function allJobs(only: string | undefined): readonly Job[] {
  return Object.entries(ROOMS).flatMap(([room, tests]) =>
    readdirSync(join(checkout, room))
      .filter((name) => name.endsWith('.ts') && (only === undefined || name === basename(only)))
      .sort()
      .flatMap((name) => {
        const path = `${room}/${name}`;
        const source = readFileSync(join(checkout, path), 'utf8');
        return mutantsOf(path, source).map((mutant): Job => ({ ...mutant, path, source, tests }));
      }),
  );
}

/** The same sample for the same seed, as long as the code stays the same. */
function sampleOf<Item>(items: readonly Item[], size: number, seed: number): readonly Item[] {
  const next = numbersFrom(seed);
  const ranked = items.map((item, index) => ({ item, index, rank: next() }));
  const chosen = ranked.sort((one, other) => one.rank - other.rank).slice(0, size);
  return chosen.sort((one, other) => one.index - other.index).map(({ item }) => item);
}

/** Mulberry32: numbers from 0 to 1 that follow from the seed. */
function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Milliseconds that the unbroken tests take; throws when they do not pass. */
async function measure(sandbox: Sandbox, signal: AbortSignal): Promise<number> {
  const tests = [...new Set(Object.values(ROOMS).flat())];
  const start = performance.now();
  const outcome = await sandbox.test(tests, { timeout: 600_000, signal });
  if (outcome !== 'passed') throw new Error(`Without any change the tests have ${outcome}: mend them first.`);
  return performance.now() - start;
}

async function run(
  jobs: readonly Job[],
  sandboxes: readonly Sandbox[],
  signal: AbortSignal,
): Promise<readonly Result[]> {
  const [first] = sandboxes;
  if (first === undefined) return [];
  const usual = await measure(first, signal);
  console.error(`${jobs.length} mutants; the tests take ${(usual / 1000).toFixed(1)} s.`);
  const open = jobs.values();
  const results: Result[] = [];
  const work = async (sandbox: Sandbox): Promise<void> => {
    for (const job of open) {
      sandbox.write(job.path, mutate(job.source, job));
      const outcome = await sandbox.test(job.tests, { timeout: 5 * usual + 10_000, signal });
      sandbox.write(job.path, job.source);
      results.push({ job, outcome });
      const survived = results.filter((result) => result.outcome === 'passed').length;
      progress(`${results.length}/${jobs.length}, ${survived} survived (${job.path}:${job.line})`);
    }
  };
  await Promise.all(sandboxes.map(work));
  progress('');
  return jobs.flatMap((job) => results.find((result) => result.job === job) ?? []);
}

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
  else if (text !== '') console.error(text);
}

function report(results: readonly Result[]): void {
  const files = new Map<string, Result[]>();
  for (const result of results) files.set(result.job.path, [...(files.get(result.job.path) ?? []), result]);
  for (const [path, ofFile] of files) console.log(`${scoreOf(ofFile)}  ${path}`);
  console.log(`${scoreOf(results)}  all`);
  const survivors = results.filter(({ outcome }) => outcome === 'passed');
  if (survivors.length > 0) console.log('\nSurvivors:');
  for (const { job } of survivors) {
    console.log(`${job.path}:${job.line}  ${job.what}\n    ${job.source.split('\n')[job.line - 1]?.trim() ?? ''}`);
  }
}

function scoreOf(results: readonly Result[]): string {
  const killed = results.filter(({ outcome }) => outcome !== 'passed').length;
  const percent = Math.round((100 * killed) / Math.max(results.length, 1));
  return `${`${percent} %`.padStart(5)}  ${`${killed}/${results.length}`.padStart(9)}`;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      sample: { type: 'string' },
      seed: { type: 'string', default: '1' },
      jobs: { type: 'string', default: String(Math.max(1, Math.floor(availableParallelism() / 2))) },
      only: { type: 'string' },
    },
  });
  const all = allJobs(values.only);
  const jobs = values.sample === undefined ? all : sampleOf(all, Number(values.sample), Number(values.seed));
  const interrupted = new AbortController();
  process.once('SIGINT', () => {
    interrupted.abort();
  });
  const sandboxes = Array.from({ length: Number(values.jobs) }, () => openSandbox(checkout));
  try {
    report(await run(jobs, sandboxes, interrupted.signal));
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
    process.exitCode = 130;
  } finally {
    for (const sandbox of sandboxes) sandbox.remove();
  }
}

await main();
