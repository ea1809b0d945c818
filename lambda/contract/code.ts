import type { FunctionName } from './function-names.ts';

/** The newest Node.js that Lambda runs: AWS Lambda Developer Guide, "Lambda runtimes". */
export const RUNTIME = 'nodejs24.x';

/** The file and its export that Lambda calls. */
export const HANDLER = 'index.handler';

/** Where the code of a function lies in the bucket of artifacts. @param sha256 of the zip, in hexadecimal digits */
export function codeKey(name: FunctionName, sha256: string): string {
  return `functions/${name}/${sha256}.zip`;
}
