/** A checkout whose functions cannot be bundled says so, and keeps nothing of them. */
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { copyWith, nodeIn } from '../support/copy.ts';

let copy = '';
beforeAll(() => {
  copy = copyWith(['lambda', 'release', 'package.json', 'package-lock.json', 'tsconfig.json']);
});
afterAll(() => {
  rmSync(copy, { recursive: true });
});

it('is one sentence with the place, each time anew', async () => {
  writeFileSync(
    path.join(copy, 'lambda/functions/post/reading.ts'),
    `import { nothing } from './absent.ts';\nnothing();\n`,
  );
  const asks = `
    import { functionCode, isBundled } from './release/code.ts';
    for (const _ of [1, 2]) try { functionCode(); } catch (error) { console.log(error.message.replaceAll('\\n', ' ')); }
    console.log(isBundled());
  `;
  const said = (await nodeIn(copy, ['--import', 'tsx', '--input-type=module', '-e', asks])).trim().split('\n');
  const sentence =
    /^The functions in lambda\/ cannot be bundled; see npm run bundle:functions\. .*reading\.ts:1:.*absent\.ts/;
  expect(said).toEqual([expect.stringMatching(sentence), expect.stringMatching(sentence), 'false']);
}, 60_000);
