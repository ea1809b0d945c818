/** How the files of a run find the control plane that they share; `shared.ts` starts it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Access } from './plane.ts';

/** An environment variable: the path of a file with `Access`. */
export const ACCESS_VARIABLE = 'OWLNEST_E2E_ACCESS';

/** How a file reaches it. */
export function sharedAccess(): Access {
  const path = process.env[ACCESS_VARIABLE];
  if (path === undefined) throw new Error('There is no shared control plane: run the tests by `npm run e2e`.');
  return JSON.parse(readFileSync(path, 'utf8')) as Access;
}

/** A test has failed: the logs are wanted. */
export function keepSharedLogs(): void {
  writeFileSync(failureMark(sharedAccess().folder), '');
}

/** A file in the folder of the control plane, once a test has failed. */
export function failureMark(folder: string): string {
  return join(folder, 'failed');
}
