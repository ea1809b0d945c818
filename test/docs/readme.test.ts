import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { callOwlnest, project, removeFolders, ROOT, run, type Result } from '../cli/command.ts';

const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const MINUTE = 60_000;

/** What the test does not run: it takes a network, or is nothing of ours. */
const NOT_RUN = /^(git clone|cd|npm ci|diff) ?/;

/** The texts of all fenced blocks in a language. */
function blocks(language: string): readonly string[] {
  return [...README.matchAll(new RegExp(`^( *)\`\`\`${language}\\n([^]*?)^\\1\`\`\``, 'gm'))].map(
    ([, indent = '', text = '']) => text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  );
}

const commands = blocks('sh').flatMap((block) => block.split('\n').filter((line) => line !== ''));
const runs = [...new Set(commands.filter((line) => !NOT_RUN.test(line)))];

let root: string;
const results = new Map<string, Result>();

beforeAll(async () => {
  root = project({});
  for (const line of runs)
    results.set(line, await run('bash', ['-c', line], { root, env: { npm_config_offline: 'true' } }));
}, 2 * MINUTE);
afterAll(removeFolders);

describe('README.md', () => {
  it('has commands of ours only, and those that a newcomer begins with', () => {
    for (const line of runs) expect(line).toMatch(/^(npm start|npx owlnest |npx cdk8s synth$)/);
    expect(commands.slice(0, 2)).toEqual(['npm ci', 'npm start']);
  });

  it.each(runs)('%s', (line) => {
    expect({ line, ...results.get(line) }).toMatchObject({ line, code: 0 });
  });

  it('shows the table that npm start prints', () => {
    const [table = ''] = blocks('text');
    expect(table).toContain('managed resources');
    expect(results.get('npm start')?.stdout).toContain(table);
  });

  it('names files that are there', () => {
    const paths = [...README.matchAll(/`((?:[\w.-]+\/)+[\w.-]*)`|\]\(([\w./-]+)\)/g)].map(
      ([, code, link]) => code ?? link ?? '',
    );
    expect(paths.length).toBeGreaterThan(15);
    const folders = new Set([...readdirSync(ROOT), 'dist', 'build']);
    // `preview/…` stands below dist/; an annotation (`owlnest.io/source`) is no path.
    const isFile = (path: string) => folders.has(path.split('/')[0] ?? '');
    const missing = paths
      .filter(isFile)
      .filter((path) => ![ROOT, root].some((folder) => existsSync(join(folder, path))));
    expect(missing).toEqual([]);
  });

  it('names the folders that render writes', () => {
    const rows = [...README.matchAll(/^\| `dist\/([^`]*)`/gm)].map(([, path = '']) =>
      path.replace('<env>', 'production').replace('<layer>', 'storage').replace('<name>', 'auth'),
    );
    expect(rows.length).toBeGreaterThan(4);
    expect(rows.filter((path) => !existsSync(join(root, 'dist', path)))).toEqual([]);
  });

  it('quotes code and YAML that are there', () => {
    const sources = ['charts/storage/table.ts', 'charts/constructs/key.ts'].map((path) =>
      readFileSync(join(ROOT, path), 'utf8'),
    );
    for (const code of blocks('ts')) expect(sources.some((source) => source.includes(code.trim()))).toBe(true);
    const preview = readFileSync(join(root, 'dist/preview/production/storage.yaml'), 'utf8').split('\n');
    const [yaml = ''] = blocks('yaml');
    expect(yaml.split('\n').filter((line) => line !== '' && !preview.includes(line))).toEqual([]);
  });

  it(
    'shows the difference that its change of the config makes, and the sentence for a wrong one',
    async () => {
      const path = join(root, 'config/staging.json');
      const before = JSON.parse(readFileSync(path, 'utf8')) as object;
      const change = JSON.parse(`{${blocks('json').join()}}`) as object;
      writeFileSync(path, JSON.stringify({ ...before, ...change }));
      expect(await callOwlnest(['render'], { root })).toMatchObject({ code: 0 });
      const { stdout } = await run('diff', ['-r', '-U0', 'build/before', 'dist'], { root });
      const lines = blocks('diff').join('').trimEnd().split('\n');
      expect(lines.filter((line) => !stdout.split('\n').includes(line))).toEqual([]);
      writeFileSync(path, JSON.stringify({ ...before, ...change }).replace('versionsKeptDays', 'versionKeptDays'));
      const { code, stderr } = await callOwlnest(['render'], { root });
      expect(code).toBe(1);
      expect(blocks('text')).toContain(`${stderr.split('\n').find((line) => line.startsWith('config/')) ?? ''}\n`);
    },
    MINUTE,
  );
});

describe('CONTRIBUTING.md', () => {
  const text = readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8');
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: object };

  it('has a row for each script, and no other', () => {
    const rows = [...text.matchAll(/^\| `npm (?:run )?([\w:]+)/gm)].map(([, name]) => name);
    expect(rows.sort()).toEqual(Object.keys(scripts).sort());
  });

  it('names files that are there', () => {
    const paths = [...text.matchAll(/`([\w.-]+\/[\w./-]*)`/g)]
      .map(([, path = '']) => path)
      .filter((path) => !/^(dist|build)\//.test(path));
    expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});
