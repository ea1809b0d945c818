/**
 * The control plane that all files of a run share: started before the first and stopped after the last, by Jest's own
 * process. When that ends otherwise, the guardian of its programs stops them.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sharedCrds, sharedDefinitions } from '../shared-world.ts';
import { startControlPlane, type ControlPlane } from './control-plane.ts';
import { ACCESS_VARIABLE, failureMark } from './shared-access.ts';

let plane: ControlPlane | undefined;

/** Starts it; the files that Jest runs from now on find it. */
export async function startShared(): Promise<void> {
  plane = await startControlPlane({ crds: sharedCrds, objects: sharedDefinitions });
  const path = join(plane.folder, 'access.json');
  // With an administrator's key.
  writeFileSync(path, JSON.stringify(plane.access), { mode: 0o600 });
  process.env[ACCESS_VARIABLE] = path;
}

/** Stops it; its logs stay when a test has failed. */
export async function stopShared(): Promise<void> {
  if (plane === undefined) return;
  const keepFolder = existsSync(failureMark(plane.folder));
  await plane.stop({ keepFolder });
  if (keepFolder) console.error(`Logs of the shared control plane: ${plane.folder}`);
}
