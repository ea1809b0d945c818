import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deployableFiles } from './deployable.ts';
import { loadEnvironments } from './environments.ts';
import { convergeEnvironment, refuseFindings } from './rendering.ts';
import { openToolchain } from './toolchain.ts';

/** `cdk8s synth`: the deployable part of `dist/`, in the folder that cdk8s names and has emptied. */
export function synth(): void {
  const folder = process.env['CDK8S_OUTDIR'] ?? 'build/synth';
  const toolchain = openToolchain();
  const environments = loadEnvironments(toolchain.schemas, toolchain.release);
  const converged = environments.map((environment) => convergeEnvironment(environment, toolchain));
  refuseFindings(converged, toolchain);
  for (const { path, text } of deployableFiles(converged, toolchain)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
