import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { functionCode } from '../../release/code.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'owlnest-modules-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/**
 * Every file that Node evaluates in that run, by its path in the checkout. V8's coverage lists ES modules and CommonJS
 * alike, whichever loader brought them.
 */
function evaluated(parameters: readonly string[]): ReadonlySet<string> {
  const coverage = join(folder, 'coverage');
  execFileSync(process.execPath, parameters, {
    cwd: ROOT,
    env: { ...process.env, NODE_V8_COVERAGE: coverage, NODE_OPTIONS: '' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const start = pathToFileURL(ROOT).href;
  const urls = readdirSync(coverage).flatMap((name) => {
    const { result }: { result: { url: string }[] } = JSON.parse(readFileSync(join(coverage, name), 'utf8'));
    return result.map(({ url }) => url);
  });
  return new Set(
    urls.filter((url) => url.startsWith(start)).map((url) => decodeURI(url.slice(start.length)).replace(/\?.*$/, '')),
  );
}

/** The npm packages among these files. */
function packagesIn(files: ReadonlySet<string>): readonly string[] {
  const names = [...files].map((file) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1]);
  return [...new Set(names.filter((name) => name !== undefined))].sort();
}

test('render loads no client of a cluster, no server, no bundler and no import tool', () => {
  // A process of its own bundles the functions, if nobody has.
  functionCode();
  const files = evaluated(['cli/owlnest.js', 'render', '--out', join(folder, 'dist')]);
  expect(files).toContain('cli/render.ts');
  const packages = packagesIn(files);
  expect(packages).toContain('cdk8s');
  for (const heavy of [
    '@aws-cdk/aws-service-spec',
    '@crossplane-org/function-sdk-typescript',
    '@grpc/grpc-js',
    '@kubernetes/client-node',
    'cdk8s-cli',
    '@aws-sdk/client-dynamodb',
  ]) {
    expect(packages).not.toContain(heavy);
  }
  expect([...files].filter((file) => /^(?:crossplane\/server|tools|test)\//.test(file))).toEqual([]);
  // tsx itself loads esbuild.
  expect(files).not.toContain('release/bundle.ts');
});

test('the server loads nothing of the command line and no client of a cluster', () => {
  const files = evaluated(['--import', 'tsx', 'crossplane/server/server.ts']);
  expect(files).toContain('crossplane/server/server.ts');
  const packages = packagesIn(files);
  expect(packages).toContain('@grpc/grpc-js');
  for (const heavy of ['@kubernetes/client-node', 'cdk8s-cli', 'cli-table3', 'commander', 'yaml']) {
    expect(packages).not.toContain(heavy);
  }
  expect([...files].filter((file) => /^(?:cli|charts|tools|test|report)\//.test(file))).toEqual([]);
});
