/** `npm run bundle:functions`: bundles the code of every Lambda function for the commands that need it, and tells the sizes. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { FUNCTION_NAMES } from '../lambda/contract/function-names.ts';
import { bundleFunctions } from './bundle.ts';
import { ROOT } from './cache.ts';
import { putCode } from './code.ts';
import { contentOf } from './content.ts';

try {
  const bundles = bundleFunctions(ROOT, FUNCTION_NAMES);
  const { content, files } = contentOf(versionOf(ROOT), bundles);
  putCode(content, files);
  for (const [name, { bytes }] of bundles) {
    const { sha256 } = content.functions[name];
    process.stdout.write(`${name.padEnd(18)} ${(bytes / 1024).toFixed(0).padStart(5)} KiB  ${sha256}\n`);
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

function versionOf(root: string): string {
  const manifest: unknown = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  return z.object({ version: z.string() }).parse(manifest).version;
}
