/** What a command loads before it does anything: every start pays for it. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

/** The packages that are loaded with a module of `cli/`, of those that are asked for. */
function loadedWith(module: string, packages: readonly string[]): readonly string[] {
  const program = `
    import { createRequire } from 'node:module';
    await import('./cli/${module}');
    const loaded = Object.keys(createRequire(import.meta.url).cache).join('\\n');
    const packages = ${JSON.stringify(packages)};
    process.stdout.write(packages.filter((name) => loaded.includes('/node_modules/' + name + '/')).join());`;
  const parameters = ['--import', 'tsx', '--input-type=module', '--eval', program];
  const { stdout, stderr, status } = spawnSync(process.execPath, parameters, {
    cwd: fileURLToPath(new URL('../../', import.meta.url)),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return stdout.split(',').filter((name) => name !== '');
}

describe('cdk8s-plus', () => {
  it('is loaded with what writes the files of a cluster, and with nothing else', () => {
    expect(loadedWith('render.ts', ['cdk8s-plus-28'])).toEqual(['cdk8s-plus-28']);
    expect(loadedWith('converge.ts', ['cdk8s-plus-28', 'cdk8s'])).toEqual(['cdk8s']);
    expect(loadedWith('serve.ts', ['cdk8s-plus-28'])).toEqual([]);
  }, 120_000);
});
