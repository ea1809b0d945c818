import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FUNCTION_NAMES } from '../../lambda/contract/function-names.ts';
import { Cache, keyOfSources } from '../../release/cache.ts';
import { releaseContent } from '../../release/manifest.ts';
import { commitOf } from '../../release/commit.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const one = { sha256: 'a'.repeat(64), bytes: 1, handler: 'h', runtime: 'r', calls: [], clients: [] };
const content = releaseContent.parse({
  functions: Object.fromEntries(FUNCTION_NAMES.map((name) => [name, one])),
  openapi: { sha256: 'a'.repeat(64) },
});
const files = new Map([
  ['functions/a.zip', Buffer.from('zip')],
  ['openapi.json', Buffer.from('{}')],
]);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'owlnest-cache-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('the cache of bundles', () => {
  it('gives back what was put into it, under its own key', () => {
    const cache = new Cache(path.join(folder, 'new'));
    expect([cache.index('k'), cache.files('k')]).toEqual([undefined, undefined]);
    cache.put('k', content, files);
    expect(cache.index('k')?.content).toEqual(content);
    expect(cache.files('k')).toEqual(files);
    expect(cache.index('l')).toBeUndefined();
    expect(readdirSync(path.join(folder, 'new'))).toEqual(['k']);
  });

  it.each<[string, (place: string) => void]>([
    ['a file with another byte', (place) => writeFileSync(path.join(place, 'functions/a.zip'), 'zap')],
    ['a file too few', (place) => rmSync(path.join(place, 'openapi.json'))],
    ['half an index', (place) => writeFileSync(path.join(place, 'index.json'), '{"content":{')],
  ])('does not give out %s, and takes it anew', (_, damage) => {
    const cache = new Cache(folder);
    cache.put('k', content, files);
    damage(path.join(folder, 'k'));
    expect(cache.files('k')).toBeUndefined();
    cache.put('k', content, files);
    expect(cache.files('k')).toEqual(files);
    expect(readdirSync(folder)).toEqual(['k']);
  });

  it('takes what another run leaves half-way for nothing, and in the end away; it keeps few builds', () => {
    const cache = new Cache(folder);
    for (const name of ['k.new-1', `a.old-${process.pid}/functions`, 'k.old-1']) {
      mkdirSync(path.join(folder, name), { recursive: true });
    }
    utimesSync(path.join(folder, 'k.old-1'), 0, 0);
    expect(cache.index('k')).toBeUndefined();
    for (const key of ['a', 'b', 'c', 'd', 'e', 'f']) cache.put(key, content, files);
    expect(cache.files('f')).toEqual(files);
    const left = readdirSync(folder);
    expect(left.filter((name) => name.length === 1)).toHaveLength(4);
    // Another run may still be at it.
    expect(left.filter((name) => name.length > 1)).toEqual(['k.new-1']);
  });

  it('is whole after runs that build at once', () => {
    const program = `
      import { Cache } from '${path.join(ROOT, 'release/cache.ts')}';
      const files = new Map([['functions/a.zip', Buffer.from('zip')], ['openapi.json', Buffer.from('{}')]]);
      const cache = new Cache(${JSON.stringify(folder)});
      for (let at = 0; at < 100; at++) cache.put('k', ${JSON.stringify(content)}, files);
    `;
    writeFileSync(path.join(folder, 'run.mts'), program);
    const run = `"${process.execPath}" --import tsx "${path.join(folder, 'run.mts')}"`;
    execFileSync('/bin/sh', ['-c', `${run} & one=$!; ${run} && wait $one`], { cwd: ROOT });
    expect(new Cache(folder).files('k')).toEqual(files);
  }, 30_000);
});

describe('the key of the sources', () => {
  it('changes with a source, with a source that is new, and with the packages; not with where they lie', () => {
    const [one, other] = ['one', 'other'].map((name) => path.join(folder, name)) as [string, string];
    const put = (root: string, name: string, text: string): void => {
      mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
      writeFileSync(path.join(root, name), text);
    };
    for (const name of ['lambda/a.ts', 'release/b.ts', 'package.json', 'package-lock.json']) put(one, name, '{}');
    put(one, 'node_modules/esbuild/package.json', '{}');
    cpSync(one, other, { recursive: true });
    const seen = new Set([keyOfSources(one), keyOfSources(other)]);
    expect(seen.size).toBe(1);
    put(other, 'docs/readme.md', 'no source');
    expect(seen).toContain(keyOfSources(other));
    for (const name of ['lambda/a.ts', 'lambda/c.ts', 'package-lock.json', 'node_modules/esbuild/package.json']) {
      put(other, name, `of ${name}`);
      seen.add(keyOfSources(other));
    }
    expect(seen.size).toBe(5);
  });
});

describe('the commit of a release', () => {
  const git = (...parameters: string[]): string =>
    execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.com', ...parameters], {
      cwd: folder,
      encoding: 'utf8',
    });

  it('is the last one, dirty where a file differs from it or is new', async () => {
    git('init', '-q');
    writeFileSync(path.join(folder, 'a'), '1');
    git('add', 'a');
    git('commit', '-qm', 'first');
    const commit = git('rev-parse', 'HEAD').trim();
    expect(await commitOf(folder)).toEqual({ commit, dirty: false });
    writeFileSync(path.join(folder, 'b'), '1');
    expect(await commitOf(folder)).toEqual({ commit, dirty: true });
  });

  it('is null where there is no repository, and never clean', async () => {
    expect(await commitOf(folder)).toEqual({ commit: null, dirty: true });
  });
});

it('the packages that are installed are those of the lock file, esbuild among them', () => {
  const lock = JSON.parse(readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { version: string }>;
  };
  const installed = JSON.parse(readFileSync(path.join(ROOT, 'node_modules/esbuild/package.json'), 'utf8')) as object;
  expect(installed).toMatchObject({ version: lock.packages['node_modules/esbuild']?.version });
});
