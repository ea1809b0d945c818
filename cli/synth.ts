import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadEnvironments } from './environments.ts';
import { convergeEnvironment, deployableFiles, refuseFindings } from './rendering.ts';
import { openWorkshop } from './workshop.ts';

/** `cdk8s synth`: the deployable part of `dist/`, in the folder that cdk8s names and has emptied. */
export function synth(): void {
  const folder = process.env['CDK8S_OUTDIR'] ?? 'build/synth';
  const workshop = openWorkshop();
  const environments = loadEnvironments(workshop.schemas, workshop.release);
  const converged = environments.map((environment) => convergeEnvironment(environment, workshop));
  refuseFindings(converged, workshop);
  for (const { path, text } of deployableFiles(converged, workshop)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
