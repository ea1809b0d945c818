import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Testing } from 'cdk8s';
import { appendFileSync, cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { fileSchema } from '../../config/environment.ts';
import { structuralSchema } from '../../crossplane/definition/crd-schema.ts';
import { checkStructure } from '../../crossplane/schema/check.ts';
import type { StructuralSchema } from '../../crossplane/schema/structural.ts';
import type { JsonObject } from '../../imports/base.ts';
import { parseServiceLock } from '../../crossplane/schema/lock-format.ts';
import { Table } from '../../imports/dynamodb.ts';
import { Record as DnsRecord } from '../../imports/route53.ts';
import { fileJsonSchema } from '../../tools/generate/config-schema.ts';
import { generateService } from '../../tools/generate/generate.ts';
import { damaged, damagesOf } from '../config/arbitrary.ts';
import { FULL } from '../config/sample.ts';
import { main } from '../../tools/generate/main.ts';
import { pagesOf } from '../../tools/generate/pages.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const IMPORTS = path.join(ROOT, 'imports');

const pages = pagesOf('v2.6.0');

let copy = '';
beforeAll(() => {
  copy = mkdtempSync(path.join(tmpdir(), 'owlnest-generate-'));
  for (const name of ['imports', 'config', 'docs', 'charts'])
    cpSync(path.join(ROOT, name), path.join(copy, name), { recursive: true });
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** What a run says. */
async function run(args: readonly string[]): Promise<{ readonly code: number; readonly errors: readonly string[] }> {
  const errors: string[] = [];
  const error = jest.spyOn(console, 'error').mockImplementation((text: unknown) => void errors.push(String(text)));
  const log = jest.spyOn(console, 'log').mockImplementation(() => undefined);
  const code = await main(args, copy);
  error.mockRestore();
  log.mockRestore();
  return { code, errors };
}

describe('generate', () => {
  it('has been run: what is in the checkout is current', async () => {
    expect(await run(['--check'])).toEqual({ code: 0, errors: [] });
  });

  it('--check names files that were edited, are missing or have no lock, and changes nothing', async () => {
    appendFileSync(path.join(copy, 'imports/kms.ts'), '\n');
    rmSync(path.join(copy, 'imports/sqs.ts'));
    writeFileSync(path.join(copy, 'imports/rds.ts'), '');
    appendFileSync(path.join(copy, 'config/environment.schema.json'), '\n');
    rmSync(path.join(copy, 'docs/reference'), { recursive: true });
    const stale = [
      'config/environment.schema.json',
      'docs/reference/config.md',
      'docs/reference/identity.md',
      'docs/reference/policy.md',
      'docs/reference/storage.md',
    ];
    const sentence = `Not current: ${[...stale, 'imports/kms.ts', 'imports/rds.ts', 'imports/sqs.ts'].join(', ')}; run \`npm run generate\`.`;
    expect(await run(['--check'])).toEqual({ code: 1, errors: [sentence] });
    expect(await run(['--check'])).toEqual({ code: 1, errors: [sentence] });
    expect((await run([])).code).toBe(0);
    expect((await run(['--check'])).code).toBe(0);
    expect(readdirSync(path.join(copy, 'imports'))).not.toContain('rds.ts');
  });

  it('writes the same text every time, and no global name', () => {
    for (const name of readdirSync(path.join(IMPORTS, 'lock')).filter((file) => file !== 'index.json')) {
      const text = readFileSync(path.join(IMPORTS, 'lock', name), 'utf8');
      const source = generateService(name.slice(0, -5), text, pages);
      expect(generateService(name.slice(0, -5), text, pages)).toBe(source);
      expect(source ?? '').not.toMatch(/\b(Record|Function|Object|Array|ReadonlyArray)</);
    }
  });

  it("links each class to its pages and what AWS describes to that, and has no word of AWS's own", () => {
    const kms = readFileSync(path.join(IMPORTS, 'kms.ts'), 'utf8');
    expect(kms).toContain(
      [
        '/**',
        ' * @see https://marketplace.upbound.io/providers/upbound/provider-aws-kms/v2.6.0/resources/kms.aws.m.upbound.io/Key/v1beta1',
        ' * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html',
        ' */',
        'export class Key ',
      ].join('\n'),
    );
    const link = 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html';
    expect(kms).toContain(
      `  /** @see ${link}#cfn-kms-key-enablekeyrotation */\n  readonly enableKeyRotation?: boolean;`,
    );
    for (const name of readdirSync(IMPORTS).filter(
      (file) => file.endsWith('.ts') && !['base.ts', 'permissions.ts'].includes(file),
    )) {
      const [, ...lines] = readFileSync(path.join(IMPORTS, name), 'utf8').split('\n');
      const comments = lines.filter((line) => /^\s*(\/\*|\*|\/\/)/.test(line));
      expect(comments.filter((line) => !/^\s*(\/\*\*|\*\/|(\/\*)?\*{1,2} @see https:\S+( \*\/)?)$/.test(line))).toEqual(
        [],
      );
      const classes = lines.flatMap((line, at) => (line.startsWith('export class ') ? [lines[at - 1]] : []));
      expect(new Set(classes)).toEqual(new Set([' */']));
    }
  });

  it('knows what is required, what refers, and keeps names apart', () => {
    const lock = {
      apiVersion: 'a.aws.m.upbound.io/v1',
      package: 'provider-aws-a',
      kinds: {
        Table: {
          plural: 'tables',
          externalName: { class: 'chosen' },
          forProvider: {
            region: 'string required',
            class: { is: 'string needed', enum: ['A', "B's"] },
            keyArn: 'string ref',
            subnetIds: 'set string refs',
            groups: 'list string list-ref',
            replica: { is: 'list object', fields: { name: 'string required', rest: 'granular number' } },
            secret: 'secret-key',
          },
          atProvider: { without: ['class'], fields: { arn: 'string' } },
        },
        TableReplica: {
          plural: 'tablereplicas',
          externalName: { class: 'chosen' },
          forProvider: {},
          atProvider: { fields: {} },
        },
      },
    };
    expect(parseServiceLock(JSON.stringify(lock)).kinds.size).toBe(2);
    const source = generateService('a', JSON.stringify(lock), pages) ?? '';
    const body = (name: string): string =>
      (source.split(`export interface ${name} {\n`)[1] ?? '').split('\n}')[0] ?? '';
    expect(
      body('TableForProvider')
        .split('\n')
        .map((line) => line.trim()),
    ).toEqual([
      "readonly class: 'A' | 'B\\'s';",
      'readonly keyArn?: string;',
      'readonly keyArnRef?: Reference;',
      'readonly keyArnSelector?: Selector;',
      'readonly subnetIds?: readonly string[];',
      'readonly subnetIdRefs?: readonly Reference[];',
      'readonly subnetIdSelector?: Selector;',
      'readonly groups?: readonly string[];',
      'readonly groupsRefs?: readonly Reference[];',
      'readonly groupsSelector?: Selector;',
      'readonly replica?: readonly TableReplicaValue[];',
      'readonly secret?: SecretKey;',
    ]);
    expect(body('TableReplicaValue')).toBe(
      '  readonly name: string;\n  readonly rest?: { readonly [key: string]: number };',
    );
    expect(body('TableAtProvider')).not.toMatch(/class|Ref|secret/);
    expect(body('TableAtProvider')).toContain('readonly arn?: string;');
  });
});

describe('what editors check environment files by', () => {
  // The words that our own check knows are all that it uses.
  const schema = JSON.parse(JSON.stringify(fileJsonSchema())) as StructuralSchema;
  const full = JSON.parse(JSON.stringify(FULL)) as JsonObject;

  it('takes everything that a file may say', () => {
    expect(checkStructure(schema, full)).toEqual([]);
  });

  it('refuses what the check of files refuses', () => {
    const damages = damagesOf(structuralSchema(fileSchema), full);
    expect(damages.length).toBeGreaterThan(300);
    const passed = damages.filter((damage) => checkStructure(schema, damaged(full, damage)).length === 0);
    expect(passed).toEqual([]);
  });

  it('tells what each setting is, its default, and which keys there are', () => {
    const { waf } = schema.properties?.['edge']?.properties ?? {};
    expect(waf).toMatchObject({
      additionalProperties: false,
      description: 'Settings of the web application firewall (AWS WAF).',
    });
    expect(waf?.properties?.['mode']).toMatchObject({ default: 'block', enum: ['block', 'count'] });
    expect(schema.properties?.['security']?.properties).toHaveProperty('suppressions');
    expect(schema.properties).not.toHaveProperty('identities');
  });
});

describe('a generated kind', () => {
  it('makes the object, with the kind that the provider knows', () => {
    const chart = Testing.chart();
    const table = new Table(chart, 'main', {
      why: 'For a test',
      name: 'main',
      forProvider: { hashKey: 'pk' },
    });
    expect(table.managedKind).toBe(Table.kind);
    expect(Table.kind.regional).toBe(true);
    expect(DnsRecord.kind).toEqual({
      apiVersion: 'route53.aws.m.upbound.io/v1beta1',
      kind: 'Record',
      regional: false,
      taggable: false,
    });
    expect(table.toJson()).toMatchObject({
      apiVersion: 'dynamodb.aws.m.upbound.io/v1beta1',
      kind: 'Table',
      spec: { forProvider: { hashKey: 'pk' } },
    });
  });
});
