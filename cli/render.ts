import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { previewFiles } from '../report/preview.ts';
import { functionCode, functionFiles, isBundled } from '../release/code.ts';
import { commitOf } from '../release/commit.ts';
import type { ReleaseManifest } from '../release/manifest.ts';
import { environmentSummary, isSummary, type EnvironmentSummary, type Summary } from '../report/summary.ts';
import { summaryTable } from '../report/table.ts';
import type { TextFile } from '../report/text-file.ts';
import { deployableFiles } from './deployable.ts';
import { loadEnvironments, selectEnvironments } from './environments.ts';
import { progress } from './progress.ts';
import { convergeEnvironment, refuseFindings, type ConvergedEnvironment } from './rendering.ts';
import { repairTree, SUMMARY, swapTree, type BinaryFile } from './tree.ts';
import { openToolchain } from './toolchain.ts';
import { toYaml } from './yaml.ts';

/**
 * The main job: converges every environment of config/, and writes those that are named (all unless any is) with what
 * a cluster needs. The folder stays as it was when anything is wrong; files of environments not named stay, too.
 */
export async function render(names: readonly string[], out: string): Promise<void> {
  const start = performance.now();
  repairTree(out);
  const commit = commitOf();
  if (!isBundled()) progress('functions: bundling');
  const toolchain = openToolchain();
  const environments = loadEnvironments(toolchain.schemas, toolchain.release);
  const chosen = selectEnvironments(environments, names);
  // The platform follows from all environments together, so all of them converge.
  const converged = environments.map((environment) => {
    progress(`${environment.name}: converging`);
    const result = convergeEnvironment(environment, toolchain);
    progress(`${environment.name}: ${result.ready ? 'ready' : 'not ready'} after ${result.report.passes} passes`);
    return result;
  });
  refuseFindings(converged, toolchain);
  const isChosen = ({ environment }: ConvergedEnvironment) => chosen.includes(environment);
  const others = converged.filter((one) => !isChosen(one)).map(({ environment }) => environment.name);
  const previous = others.length === 0 ? {} : previousSummary(out);
  const summary: Summary = {
    environments: Object.fromEntries(
      converged.flatMap((one): [string, EnvironmentSummary][] => {
        const { name } = one.environment;
        const numbers = isChosen(one) ? environmentSummary(one.report) : previous[name];
        return numbers === undefined ? [] : [[name, numbers]];
      }),
    ),
    milliseconds: Math.round(performance.now() - start),
  };
  const skipped = new Set(others.map((name) => `environments/${name}/environment.yaml`));
  swapTree(
    out,
    [
      ...deployableFiles(converged, toolchain).filter(({ path }) => !skipped.has(path)),
      ...converged.filter(isChosen).flatMap(({ report }) => previewFiles(report, toYaml)),
      ...releaseFiles(toolchain.release.version, await commit),
      { path: SUMMARY, text: `${JSON.stringify(summary, null, 2)}\n` },
    ],
    others.flatMap((name) => [`environments/${name}`, `preview/${name}`]),
  );
  process.stdout.write(`${summaryTable(summary.environments)}\n`);
  for (const sentence of converged.flatMap(({ suppressed }) => suppressed)) process.stdout.write(`${sentence}\n`);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  process.stdout.write(`Wrote ${out}/ in ${seconds} s.\n`);
}

/** The code of the functions, and what the release consists of. */
function releaseFiles(
  version: string,
  commit: Pick<ReleaseManifest, 'commit' | 'dirty'>,
): readonly (TextFile | BinaryFile)[] {
  const manifest: ReleaseManifest = { version, ...commit, ...functionCode() };
  return [
    ...[...functionFiles()].map(([path, bytes]) => ({ path, bytes })),
    { path: 'release.json', text: `${JSON.stringify(manifest, null, 2)}\n` },
  ];
}

/** Numbers of the environments that this run does not write. */
function previousSummary(out: string): Readonly<Record<string, EnvironmentSummary>> {
  try {
    const summary: unknown = JSON.parse(readFileSync(join(out, SUMMARY), 'utf8'));
    // Another release may have written other numbers.
    const isOfToday = ([, numbers]: [string, EnvironmentSummary]) => 'knownUsdPerMonth' in numbers;
    return isSummary(summary) ? Object.fromEntries(Object.entries(summary.environments).filter(isOfToday)) : {};
  } catch {
    return {};
  }
}
