/** The guide to functions: its code, put into a copy of the checkout, is compiled, tested, recorded and bundled. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { copyWith, nodeIn } from '../support/copy.ts';
import { blocksOf, putBlocks } from './guide.ts';

/** What of the checkout a function is built, tested and bundled with. */
const COPIED = [
  ...['lambda', 'release', 'test/lambda', 'test/support/transform.js'],
  ...['jest.config.js', 'package.json', 'package-lock.json', 'tsconfig.json'],
];

let copy = '';
beforeAll(() => {
  copy = copyWith(COPIED);
  putBlocks(copy, blocksOf('docs/guides/functions.md'));
});
afterAll(() => {
  rmSync(copy, { recursive: true });
});

it('has code that is compiled, tested, recorded and bundled', async () => {
  const only = { extends: './tsconfig.json', include: ['lambda/**/*.ts', 'release/**/*.ts', 'test/lambda/*.ts'] };
  writeFileSync(path.join(copy, 'tsconfig.guide.json'), JSON.stringify(only));
  await nodeIn(copy, ['node_modules/@typescript/native/bin/tsc', '-p', 'tsconfig.guide.json']);
  const jest = ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js'];
  const tests = ['test/lambda/functions/attendance', 'test/lambda/calls', 'test/lambda/contract/functions'];
  await nodeIn(copy, [...jest, ...tests], { OWLNEST_GOLDEN: 'write' });
  const calls = JSON.parse(readFileSync(path.join(copy, 'release/calls.json'), 'utf8')) as object;
  expect(calls).toMatchObject({ attendance: { uses: [{ call: 'dynamodb:PutItem', on: 'table' }], open: [] } });
  const asks = `
    import { bundleFunctions } from './release/bundle.ts';
    console.log(JSON.stringify(bundleFunctions(process.cwd(), ['attendance']).get('attendance').clients));
  `;
  const said = await nodeIn(copy, ['--import', 'tsx', '--input-type=module', '-e', asks]);
  expect(JSON.parse(said)).toEqual(['client-dynamodb']);
}, 240_000);
