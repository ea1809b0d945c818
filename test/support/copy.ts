import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);

/** A copy of these parts of the checkout; `node_modules` is linked. */
export function copyWith(parts: readonly string[]): string {
  const copy = mkdtempSync(path.join(tmpdir(), 'owlnest-copy-'));
  for (const name of parts) cpSync(path.join(ROOT, name), path.join(copy, name), { recursive: true });
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(copy, 'node_modules'));
  return copy;
}

/** Runs Node in the copy; fails with what it printed. */
export async function nodeIn(
  copy: string,
  parameters: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const options = { cwd: copy, env: { ...process.env, ...env }, maxBuffer: 16 * 1024 * 1024 };
  try {
    const { stdout } = await run(process.execPath, parameters, options);
    return stdout;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { readonly stdout?: string; readonly stderr?: string };
    throw new Error(`${parameters.join(' ')} failed:\n${stdout}\n${stderr}`, { cause: error });
  }
}
