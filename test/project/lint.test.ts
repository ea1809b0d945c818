import { beforeAll, describe, expect, test } from '@jest/globals';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';

/** The project's own lint; rules that need types are left out, so that the files need not exist. */
let eslint: ESLint;

beforeAll(() => {
  eslint = new ESLint({
    cwd: process.cwd(),
    overrideConfig: [
      tseslint.configs.disableTypeChecked,
      { languageOptions: { parserOptions: { projectService: false } } },
    ],
  });
});

/** The rules that refuse the code in that file. */
async function refusals(filePath: string, code: string): Promise<readonly (string | null)[]> {
  const [result] = await eslint.lintText(`${code}\n`, { filePath });
  if (result === undefined) throw new Error(`${filePath} is not linted.`);
  return [...new Set(result.messages.map(({ ruleId }) => ruleId))];
}

const ROOMS = 'boundaries/dependencies';

describe('the table of rooms', () => {
  test.each([
    ['compose must not know the embedded control plane', 'crossplane/compose/order.ts', '../embedded/api-server.ts'],
    ['compose must not know charts', 'crossplane/compose/order.ts', '../../charts/storage/storage.ts'],
    ['compose must not know generated kinds', 'crossplane/compose/order.ts', '../../imports/kms.ts'],
    ['reference must not know schema', 'crossplane/reference/token.ts', '../schema/json.ts'],
    ['schema must not know reference', 'crossplane/schema/json.ts', '../reference/token.ts'],
    ['definition must not know compose', 'crossplane/definition/chart.ts', '../compose/types.ts'],
    ['the server must not know charts', 'crossplane/server/server.ts', '../../charts/index.ts'],
    ['a layer must not know the environment', 'charts/storage/table.ts', '../environment/environment.ts'],
    ['a layer must not know compose', 'charts/storage/table.ts', '../../crossplane/compose/types.ts'],
    [
      'the environment knows layers by their definitions only',
      'charts/environment/environment.ts',
      '../storage/table.ts',
    ],
    ['config must not know charts', 'config/storage.ts', '../charts/storage/storage.ts'],
    ['report must not know cli', 'report/table.ts', '../cli/errors.ts'],
    ['tools must not know charts', 'tools/generate/main.ts', '../../charts/index.ts'],
    ['cli must not know tests', 'cli/render.ts', '../test/schema/lock-files.ts'],
    ['cli must not know tools', 'cli/render.ts', '../tools/generate/main.ts'],
    ['imports are for everybody, so base knows nobody', 'imports/base.ts', '../crossplane/schema/json.ts'],
  ])('%s', async (_, file, target) => {
    const refused = await Promise.all([
      refusals(file, `import { it } from '${target}';\nexport const use = it;`),
      refusals(file, `import type { It } from '${target}';\nexport type Use = It;`),
      refusals(file, `export { it } from '${target}';`),
    ]);
    expect(refused).toEqual([[ROOMS], [ROOMS], [ROOMS]]);
  });

  test('a late import is an import, too', async () => {
    const refused = await refusals(
      'crossplane/server/server.ts',
      "export const it = await import('../embedded/api-server.ts');",
    );
    expect(refused).toEqual([ROOMS]);
  });

  test('a layer knows no other layer, not even its definition', async () => {
    const refused = await Promise.all(
      ['../storage/storage.ts', '../storage/table.ts'].map((target) =>
        refusals('charts/api/api.ts', `export { it } from '${target}';`),
      ),
    );
    expect(refused).toEqual([[ROOMS], [ROOMS]]);
  });

  test('policy takes types of compose, and nothing that runs', async () => {
    const target = '../crossplane/compose/types.ts';
    const refused = await Promise.all([
      refusals('policy/check.ts', `import type { It } from '${target}';\nexport type Use = It;`),
      refusals('policy/check.ts', `import { it } from '${target}';\nexport const use = it;`),
    ]);
    expect(refused).toEqual([[], [ROOMS]]);
  });

  test('a folder that is no room is refused', async () => {
    expect(await refusals('charts/lounge/sofa.ts', 'export const it = 1;')).toEqual(['boundaries/no-unknown-files']);
  });

  test.each([
    ['charts/storage/table.ts', '../constructs/key.ts'],
    ['charts/storage/table.ts', '../../imports/kms.ts'],
    ['charts/storage/table.ts', './storage.ts'],
    ['charts/environment/environment.ts', '../storage/storage.ts'],
    ['charts/index.ts', './environment/environment.ts'],
    ['crossplane/compose/order.ts', '../definition/definition.ts'],
    ['crossplane/compose/order.ts', '../../imports/base.ts'],
    ['crossplane/embedded/api-server.ts', '../reference/marks.ts'],
    ['cli/render.ts', '../crossplane/embedded/api-server.ts'],
    ['test/project/lint.test.ts', '../../tools/generate/main.ts'],
    ['tools/generate/main.ts', '../../crossplane/schema/json.ts'],
  ])('%s may import %s', async (file, target) => {
    expect(await refusals(file, `export { it } from '${target}';`)).toEqual([]);
  });
});

test('charts import a service as a whole, since kinds of several have one name', async () => {
  const use = (names: string) => `import ${names} from '../../imports/kms.ts';\nexport const use = it;`;
  expect(await refusals('charts/storage/table.ts', use('{ it }'))).toEqual(['no-restricted-syntax']);
  expect(await refusals('charts/storage/table.ts', use('* as it'))).toEqual([]);
});

describe('policies and ARNs are made in one place', () => {
  const ARNS = [
    "export const it = 'arn:aws:s3:::files';",
    "const name = 'files';\nexport const it = `arn:aws:s3:::${name}`;",
  ];
  const STATEMENTS = [
    "export const it = { Effect: 'Allow', Action: 's3:*', Resource: '*' };",
    "export const it = JSON.stringify({ Statement: [{ 'Effect': 'Deny' }] });",
    "const Effect = 'Allow';\nexport const it = { Effect };",
  ];

  test.each([...ARNS, ...STATEMENTS])('no chart has %s', async (code) => {
    expect(await refusals('charts/storage/table.ts', code)).toEqual(['no-restricted-syntax']);
    expect(await refusals('charts/composites/object-store.ts', code)).toEqual(['no-restricted-syntax']);
  });

  test('ARNs in arns.ts only, statements in policy.ts only', async () => {
    const [arn = '', , statement = ''] = [...ARNS, ...STATEMENTS];
    expect(await refusals('charts/constructs/arns.ts', arn)).toEqual([]);
    expect(await refusals('charts/constructs/policy.ts', arn)).toEqual(['no-restricted-syntax']);
    expect(await refusals('charts/constructs/policy.ts', statement)).toEqual([]);
    expect(await refusals('charts/constructs/arns.ts', statement)).toEqual(['no-restricted-syntax']);
  });

  test('a text that only ends like the beginning of an ARN is none', async () => {
    expect(await refusals('charts/storage/table.ts', "export const it = 'kms:EncryptionContext:aws:s3:arn';")).toEqual(
      [],
    );
  });
});

describe('law 1', () => {
  test.each([
    ['the clock', 'export const it = Date.now();', 'no-restricted-globals'],
    ['the clock', 'export const it = new Date();', 'no-restricted-globals'],
    ['the environment', "export const it = process.env['HOME'];", 'no-restricted-globals'],
    ['a timer', 'setTimeout(() => undefined, 1);', 'no-restricted-globals'],
    ['the network', "export const it = fetch('https://owlnest.example');", 'no-restricted-globals'],
    ['the locale', "export const it = 'a'.localeCompare('b');", 'no-restricted-properties'],
    ['chance', 'export const it = Math.random();', 'no-restricted-properties'],
    ['chance', "import { randomUUID } from 'node:crypto';\nexport const it = randomUUID();", 'no-restricted-imports'],
    ['a file', "import { readFileSync } from 'node:fs';\nexport const it = readFileSync;", 'no-restricted-imports'],
    ['a file', "export { readFileSync } from 'fs';", 'no-restricted-imports'],
    ['the environment', "export { env } from 'node:process';", 'no-restricted-imports'],
    ['the machine', "export { hostname } from 'node:os';", 'no-restricted-imports'],
    ['a process', "export { spawn } from 'node:child_process';", 'no-restricted-imports'],
    ['the network', "export { connect } from 'node:net';", 'no-restricted-imports'],
    ['the network', "export { get } from 'node:http';", 'no-restricted-imports'],
  ])('compose and charts must not read %s: %s', async (_, code, rule) => {
    expect(await refusals('crossplane/compose/order.ts', code)).toContain(rule);
    expect(await refusals('charts/storage/table.ts', code)).toContain(rule);
    expect(await refusals('config/storage.ts', code)).toContain(rule);
  });

  test('a hash is no chance', async () => {
    const code = "import { createHash } from 'node:crypto';\nexport const it = createHash('sha256');";
    expect(await refusals('crossplane/compose/order.ts', code)).toEqual([]);
  });

  test('the clock is free elsewhere, the environment only in cli', async () => {
    expect(await refusals('crossplane/server/server.ts', 'export const it = Date.now();')).toEqual([]);
    expect(await refusals('crossplane/server/server.ts', 'export const it = process.env;')).toEqual([
      'no-restricted-properties',
    ]);
    expect(await refusals('cli/render.ts', 'export const it = process.env;')).toEqual([]);
  });
});
