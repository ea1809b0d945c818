/** The guide to a layer of one's own: its code, put into a copy of the checkout, is whole, right and short. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { copyWith, nodeIn } from '../support/copy.ts';
import { blocksOf, putBlocks } from './guide.ts';

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

const blocks = blocksOf('docs/guides/own-layer.md');

let copy = '';
beforeAll(() => {
  copy = copyWith(COPIED);
  putBlocks(copy, blocks);
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

const node = (...parameters: readonly string[]): Promise<string> => nodeIn(copy, parameters);

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
