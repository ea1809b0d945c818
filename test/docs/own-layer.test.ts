/** The guide to a layer of one's own: its code, put into a copy of the checkout, is whole, right and short. */
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);

/** What of the checkout the layer is built, tested and rendered with. */
const COPIED = [
  ...[
    'charts',
    'cli',
    'config',
    'crossplane',
    'docs',
    'imports',
    'kinds',
    'lambda',
    'plan',
    'policy',
    'release',
    'report',
    'tools',
  ],
  ...['test/support', 'eslint.rooms.js', 'jest.config.js', 'package.json', 'package-lock.json', 'tsconfig.json'],
];

interface Block {
  readonly language: string;
  readonly file: string;
  readonly text: string;
}

const blocks: readonly Block[] = [
  ...readFileSync(path.join(ROOT, 'docs/guides/own-layer.md'), 'utf8').matchAll(/^```(ts|diff) (\S+)\n(.*?)^```$/gms),
].map(([, language = '', file = '', text = '']) => ({ language, file, text }));

/** The file after an edit: each hunk's old lines must be there once. A line may be the beginning of a longer one. */
function edited(file: string, before: string, diff: string): string {
  return diff.split('@@\n').reduce((text, hunk) => {
    const lines = hunk.split('\n').filter((line) => line !== '');
    const side = (mark: string) =>
      lines
        .filter((line) => [' ', mark].includes(line.charAt(0)))
        .map((line) => line.slice(1))
        .join('\n');
    const parts = text.split(side('-'));
    if (parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} times:\n${side('-')}`);
    return parts.join(side('+'));
  }, before);
}

let copy = '';
beforeAll(() => {
  copy = mkdtempSync(path.join(tmpdir(), 'owlnest-layer-'));
  for (const name of COPIED) cpSync(path.join(ROOT, name), path.join(copy, name), { recursive: true });
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(copy, 'node_modules'));
  for (const { language, file, text } of blocks) {
    const target = path.join(copy, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, language === 'ts' ? text : edited(file, readFileSync(target, 'utf8'), text));
  }
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** Runs Node in the copy; fails with what it printed. */
async function node(...parameters: readonly string[]): Promise<string> {
  try {
    const { stdout } = await run(process.execPath, parameters, { cwd: copy, maxBuffer: 16 * 1024 * 1024 });
    return stdout;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { readonly stdout?: string; readonly stderr?: string };
    throw new Error(`${parameters.join(' ')} failed:\n${stdout}\n${stderr}`, { cause: error });
  }
}

describe("the guide to a layer of one's own", () => {
  it('has all of it in under 100 lines of code', () => {
    const code = blocks.filter(({ language }) => language === 'ts');
    const lines = code.flatMap(({ text }) => text.split('\n').filter((line) => /^\s*[^\s/*]/.test(line)));
    expect(blocks.map(({ file }) => file)).toContain('charts/worker/worker.ts');
    expect(lines.length).toBeLessThan(100);
  });

  it('has code that is generated for, compiled, tested and rendered', async () => {
    await node('--import', 'tsx', 'tools/generate/main.ts');
    const only = {
      extends: './tsconfig.json',
      include: ['charts/**/*.ts', 'kinds/**/*.ts', 'test/charts/worker/*.ts'],
    };
    writeFileSync(path.join(copy, 'tsconfig.layer.json'), JSON.stringify(only));
    await node('node_modules/@typescript/native/bin/tsc', '-p', 'tsconfig.layer.json');
    await node('--experimental-vm-modules', 'node_modules/jest/bin/jest.js', 'test/charts/worker');
    await node('cli/owlnest.js', 'render', 'development', '--out', 'dist');
    const preview = readFileSync(path.join(copy, 'dist/preview/development/worker.yaml'), 'utf8');
    expect(preview).toContain('eventSourceArn: arn:aws:sqs:ap-northeast-1:210987654321:owlnest-worker-development');
    expect(preview).toContain('owlnest.io/source: charts/worker/worker.ts');
  }, 240_000);
});
