import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ROOT } from './cache.ts';
import type { ReleaseManifest } from './manifest.ts';

/** What the checkout was made from: the last commit, and whether files differ from it. Without git or a repository: null. */
export async function commitOf(root = ROOT): Promise<Pick<ReleaseManifest, 'commit' | 'dirty'>> {
  const git = async (...parameters: string[]): Promise<string> => {
    const { stdout } = await promisify(execFile)('git', parameters, { cwd: root });
    return stdout.trim();
  };
  try {
    const [commit, changes] = await Promise.all([git('rev-parse', 'HEAD'), git('status', '--porcelain')]);
    return { commit, dirty: changes !== '' };
  } catch {
    return { commit: null, dirty: true };
  }
}
