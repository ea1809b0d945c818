import { execFileSync } from 'node:child_process';
import { chromium, type Browser } from 'playwright-core';

/** Names of the program on Debian and elsewhere. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/**
 * Starts the Chromium of this machine, without a window. Called at the top of a test file.
 * @throws one sentence when there is none
 */
export async function startChromium(): Promise<Browser> {
  const path = NAMES.map(pathOf).find((one) => one !== undefined);
  if (path === undefined) {
    const error = new Error(
      'Skipped, since these tests need Chromium and there is none on the PATH: install it (Debian: apt-get install chromium).',
    );
    error.stack = error.message;
    throw error;
  }
  // In a container, root has no user namespaces for a sandbox; the pages are our own.
  return chromium.launch({ executablePath: path, args: ['--no-sandbox'] });
}

function pathOf(name: string): string | undefined {
  try {
    return execFileSync('which', [name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}
