import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ExternalName } from '../../crossplane/schema/external-name.ts';
import { externalNames, type ExternalNames } from '../../tools/import/external-names.ts';
import { gunzipSync, gzipSync } from 'node:zlib';
import { crdLines } from '../../tools/import/crds.ts';
import { readFolder } from '../../tools/import/folder.ts';
import { makeLock, readSelection, select } from '../../tools/import/import.ts';
import { main, replaceFolder } from '../../tools/import/main.ts';
import { replaceRules } from '../../tools/import/replace.ts';
import { verifyLock } from '../../tools/import/verify.ts';
import type { Json } from '../../imports/base.ts';
import { crd, inEither, POLICIES, STRING } from './crds.ts';

const CRDS = fileURLToPath(new URL('../../imports/crds', import.meta.url));
const USAGE = 'Say where the CRDs are, in one way: --from <folder>, or --version <v2.6.0> for upstream.';
const LOCK = fileURLToPath(new URL('../../imports/lock', import.meta.url));

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'owlnest-import-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function inputs(definitions: readonly Json[]): string {
  const from = mkdtempSync(path.join(folder, 'crds-'));
  const lines = definitions.map((one) => JSON.stringify(one)).join('\n');
  writeFileSync(path.join(from, 'provider-upjet-aws-v2.6.0.ndjson.gz'), gzipSync(lines));
  return from;
}

function twoVersions(): string {
  const from = inputs([crd({})]);
  writeFileSync(path.join(from, 'provider-upjet-aws-v2.7.0.ndjson.gz'), gzipSync(''));
  return from;
}

const row = (name: ExternalName) => externalNames({ kinds: { 'sqs/QueuePolicy': name } });
const names = row({ class: 'computable' });

function lockOf(definition: Json): unknown {
  const text = makeLock(readFolder(inputs([definition])), { sqs: '*' }, names).get('sqs.json') ?? '';
  const { kinds } = JSON.parse(text) as { kinds: { QueuePolicy: unknown } };
  return kinds.QueuePolicy;
}

describe('the import', () => {
  it('keeps a required-parameter rule as a mark, in both of its forms', () => {
    const forms = [inEither, `!(${POLICIES}) || has(self.forProvider.policy)`];
    for (const rule of forms) {
      expect(lockOf(crd({ policy: STRING }, [rule]))).toMatchObject({
        plural: 'queuepolicies',
        externalName: { class: 'computable' },
        forProvider: { policy: 'string needed', queueUrl: 'string' },
        atProvider: { without: ['queueUrl', 'policy'], fields: { id: 'string' } },
      });
    }
  });

  it.each([
    ['another condition', inEither.replace("'*'", "'Observe'"), undefined],
    ['another message', inEither, 'policy must be JSON'],
    ['another field than the message says', inEither.replaceAll('.policy', '.queueUrl'), undefined],
    ['a rule on top', `${inEither} && size(self.forProvider.policy) < 9`, undefined],
  ])('refuses a rule of any other form: %s', (_, rule, message) => {
    expect(() => lockOf(crd({ policy: STRING }, [rule], message))).toThrow(
      `sqs QueuePolicy has a validation rule that the lock cannot keep: ${rule}`,
    );
  });

  it('refuses what the lock would lose', () => {
    expect(() => lockOf(crd({ policy: { type: 'string', pattern: 'a' } }))).toThrow(
      /^The CRD of sqs QueuePolicy is not as expected at .*policy/,
    );
    expect(() => lockOf(crd({ policy: { type: 'string', format: 'byte' } }))).toThrow(
      'The lock cannot hold sqs QueuePolicy: it would change properties.spec.properties.forProvider.properties.policy.format.',
    );
    const nested = { ...STRING, 'x-kubernetes-validations': [{ rule: 'self != ""' }] };
    expect(() => lockOf(crd({ policy: nested }))).toThrow(/ would change .*policy.x-kubernetes-validations/);
  });

  it.each<[string, () => string, readonly string[], string]>([
    ['no source given, and none kept', () => '', [], 'The folder '],
    ['two sources given', () => inputs([]), ['--version', 'v2.6.0'], USAGE],
    ['a version without a value', () => '', ['--version'], "Option '--version <value>' argument missing"],
    ['an unknown option', () => '', ['--form', 'x'], "Unknown option '--form'"],
    ['no such folder', () => path.join(folder, 'none'), [], 'The folder '],
    [
      'an empty folder',
      () => mkdtempSync(path.join(folder, 'empty-')),
      [],
      'The file provider-upjet-aws-<version>.ndjson.gz is missing',
    ],
    ['a folder of two versions', twoVersions, [], 'has the CRDs of v2.6.0 and v2.7.0; leave one of them.'],
    [
      'an unknown service',
      () => inputs([crd({})]),
      [],
      'The selection names the service accessanalyzer, which does not exist.',
    ],
  ])('says what is wrong in one sentence and writes nothing: %s', async (_, from, args, sentence) => {
    const errors: string[] = [];
    const log = jest.spyOn(console, 'error').mockImplementation((text: unknown) => void errors.push(String(text)));
    const target = path.join(folder, 'out', 'lock');
    const named = from();
    expect(await main(named === '' ? args : ['--from', named, ...args], target)).toBe(1);
    log.mockRestore();
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain(sentence);
    expect(existsSync(target)).toBe(false);
  });

  it.each<[string, ExternalNames, string]>([
    [
      'a kind whose names nobody knows',
      externalNames({ kinds: {} }),
      'How AWS calls a sqs QueuePolicy is not known: add "sqs/QueuePolicy" to tools/import/external-names.json, ' +
        'with its class (chosen, computable, generated; config/externalname.go of the provider shows which).',
    ],
    [
      'a name that AWS makes up, and nobody says what happens without it',
      row({ class: 'generated' }),
      'The row of sqs/QueuePolicy in external-names.json does not say what a second creation does: give "again".',
    ],
    [
      'a formula over a field that is not there',
      row({ class: 'generated', again: 'same', formula: '{queueName}' }),
      'The row of sqs/QueuePolicy in external-names.json takes the field queueName, which the kind does not have.',
    ],
    [
      'names that are unique within a field that is not there',
      row({ class: 'chosen', within: ['queueName'] }),
      'The row of sqs/QueuePolicy in external-names.json takes the field queueName, which the kind does not have.',
    ],
  ])('refuses %s', (_, rows, sentence) => {
    expect(() => makeLock(readFolder(inputs([crd({})])), { sqs: '*' }, rows)).toThrow(sentence);
  });

  it('keeps a CRD without its prose, and with a property that is called so', () => {
    const described = { type: 'object', properties: { description: { ...STRING, description: 'Prose.' } } };
    const [one] = select(readFolder(inputs([crd({ policy: described })])).definitions, { sqs: '*' }).get('sqs') ?? [];
    const text = crdLines(one === undefined ? [] : [one.crd]);
    expect(text).toContain('"policy":{"properties":{"description":{"type":"string"}},"type":"object"}');
    expect(text).not.toContain('Prose');
  });

  it('names a kind that does not exist', () => {
    expect(() => makeLock(readFolder(inputs([crd({})])), { sqs: ['Queue'] })).toThrow(
      'The selection names sqs Queue, which does not exist.',
    );
  });

  it('swaps the whole folder and leaves nothing else behind', () => {
    const target = path.join(folder, 'swap', 'lock');
    mkdirSync(target, { recursive: true });
    writeFileSync(path.join(target, 'old.json'), '{}');
    replaceFolder(target, new Map([['new.json', '{}\n']]));
    expect(readdirSync(target)).toEqual(['new.json']);
    expect(readdirSync(path.dirname(target))).toEqual(['lock']);
  });
});

describe('the lock and the CRDs that are kept beside it', () => {
  it('are equal: importing again gives the same files', () => {
    const files = makeLock(readFolder(CRDS), readSelection());
    expect(readdirSync(LOCK).sort()).toEqual([...files.keys()].sort());
    const changed = [...files].filter(([name, text]) => readFileSync(path.join(LOCK, name), 'utf8') !== text);
    expect(changed.map(([name]) => name)).toEqual([]);
  });

  it('are of the same kinds: an import keeps what it has selected, and no other version of it', async () => {
    const target = path.join(mkdtempSync(path.join(folder, 'kept-')), 'lock');
    const crds = path.join(path.dirname(target), 'crds');
    cpSync(LOCK, target, { recursive: true });
    mkdirSync(crds);
    writeFileSync(path.join(crds, 'provider-upjet-aws-v2.5.0.ndjson.gz'), gzipSync(''));
    const log = jest.spyOn(console, 'log').mockImplementation(() => undefined);
    expect(await main(['--from', CRDS], target)).toBe(0);
    const { version } = readFolder(CRDS);
    const name = `provider-upjet-aws-${version}.ndjson.gz`;
    expect(readdirSync(crds)).toEqual([name]);
    const textOf = (file: string): string => gunzipSync(readFileSync(file)).toString('utf8');
    expect(textOf(path.join(crds, name)) === textOf(path.join(CRDS, name))).toBe(true);
    // From now on they are the source where none is named.
    expect(await main([], target)).toBe(0);
    log.mockRestore();
    expect(readFileSync(path.join(target, 'kms.json'), 'utf8')).toBe(readFileSync(path.join(LOCK, 'kms.json'), 'utf8'));
  });

  it('are compared field by field: a lock that lost one is refused', () => {
    const chosen = select(readFolder(CRDS).definitions, { dynamodb: ['Table'] }).get('dynamodb') ?? [];
    const text = readFileSync(path.join(LOCK, 'dynamodb.json'), 'utf8');
    expect(() => verifyLock(text, chosen)).not.toThrow();
    expect(() => verifyLock(text.replace('"set string"', '"list string"'), chosen)).toThrow(
      'The lock cannot hold dynamodb Table: it would change',
    );
  });

  it('know which fields cannot change in place for most kinds, not for all', () => {
    const rules = replaceRules();
    const kinds = [...select(readFolder(CRDS).definitions, readSelection()).values()].flat();
    const matched = kinds.filter((kind) => rules.typeOf(kind) !== undefined);
    const known = kinds.filter((kind) => rules.fieldsOf(kind).length > 0);
    // The rest are aspects of other CloudFormation types (most of S3) or names only, which are no field here.
    expect({ kinds: kinds.length, matched: matched.length, known: known.length }).toEqual({
      kinds: 214,
      matched: 159,
      known: 164,
    });
  });

  it('hold what the provider cannot change: fields marked so in its source, and all of a kind without an update', () => {
    const rules = replaceRules();
    const fieldsOf = (service: string, kind: string): readonly string[] | undefined => {
      const [definition] = select(readFolder(CRDS).definitions, { [service]: [kind] }).get(service) ?? [];
      return definition === undefined ? undefined : rules.fieldsOf(definition);
    };
    expect(fieldsOf('xray', 'SamplingRule')).toEqual(['version']);
    expect(fieldsOf('dynamodb', 'TableReplica')).toContain('tableClassOverride');
    // `region` cannot change in any kind, and is not listed for one.
    expect(fieldsOf('dynamodb', 'ContributorInsights')).toEqual(['indexName', 'mode', 'tableName']);
    expect(fieldsOf('route53', 'ZoneAssociation')).toEqual(['vpcId', 'vpcRegion', 'zoneId']);
  });
});
