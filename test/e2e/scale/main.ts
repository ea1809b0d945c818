/**
 * `npm run scale`: environments under the real control plane, and what each process uses for it. With `--write` the
 * figures go to docs/reference/scale.md. Needs Linux, and a quiet machine for figures worth keeping.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { measures, withMeasures } from './report.ts';
import { runScale, type ScaleRun } from './run.ts';

const DOCUMENT = new URL('../../../docs/reference/scale.md', import.meta.url);
/** More would not fit into the memory of the machines that this runs on. */
const MOST = 100;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { environments: { type: 'string', default: '1,5,20' }, write: { type: 'boolean', default: false } },
  });
  const counts = values.environments.split(',').map(Number);
  const bad = counts.find((count) => !Number.isInteger(count) || count < 1 || count > MOST);
  if (bad !== undefined) {
    throw new Error(`--environments takes numbers from 1 to ${MOST}, as 1,5,20, and got ${values.environments}.`);
  }
  if (process.platform !== 'linux')
    throw new Error('npm run scale reads what processes use from /proc: it needs Linux.');
  const runs: ScaleRun[] = [];
  for (const count of counts) {
    console.log(`${count} ${count === 1 ? 'environment' : 'environments'} …`);
    runs.push(await runScale(count));
  }
  console.log(measures(runs));
  if (runs.some(({ breakerOpens }) => breakerOpens > 0)) throw new Error("Core's watch breaker opened.");
  if (values.write) writeFileSync(DOCUMENT, withMeasures(readFileSync(DOCUMENT, 'utf8'), runs));
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
