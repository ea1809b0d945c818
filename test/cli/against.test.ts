/** What taking over does is told beforehand: from what AWS was seen to have. */
import { afterAll, describe, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { missingRemovals, takeOvers, takeOverText } from '../../cli/against.ts';
import { environmentsIn, readConfig, type LoadedEnvironment } from '../../cli/environments.ts';
import { convergeEnvironment } from '../../cli/rendering.ts';
import { openToolchain } from '../../cli/toolchain.ts';
import { resourceName } from '../../crossplane/schema/violation.ts';
import type { JsonObject, KubernetesObject } from '../../imports/base.ts';
import { callOwlnest, project, removeFolders, temporaryFolder } from './command.ts';

afterAll(removeFolders);

const toolchain = openToolchain();
const TABLE = 'Table.dynamodb.aws.m.upbound.io/production-storage-main-table';
const KEY = 'Key.kms.aws.m.upbound.io/production-storage-data-key';
const KEY_ID = 'mrk-0123456789abcdef0123456789abcdef';
const identities = {
  [TABLE]: { externalName: 'forum', mode: 'adopt' },
  [KEY]: { externalName: KEY_ID, mode: 'adopt' },
};

function production(config: object = {}, records: object = identities): LoadedEnvironment {
  const files = readConfig().map(({ path, text }) => {
    const value = JSON.parse(text) as object;
    return path === 'config/production.json' ? { path, text: JSON.stringify({ ...value, ...config }) } : { path, text };
  });
  const recorded = { path: 'config/production.identities.json', text: JSON.stringify(records) };
  const all = environmentsIn([...files, recorded], toolchain.schemas, toolchain.release);
  const found = all.find(({ name }) => name === 'production');
  if (found === undefined) throw new Error('There is no production.');
  return found;
}

const wanted = convergeEnvironment(production(), toolchain).objects;

/** As the cluster has it after a pass in which it was only looked at; the provider shows every field in `atProvider`. */
function observed(id: string, atProvider: (forProvider: JsonObject) => JsonObject): KubernetesObject {
  const object = wanted.find((one) => resourceName(one) === id);
  if (object === undefined) throw new Error(`There is no ${id}.`);
  return { ...object, status: { atProvider: atProvider(object.spec?.['forProvider'] as JsonObject) } };
}

describe('taking over', () => {
  it('changes nothing where AWS has what is wanted', () => {
    const all = takeOvers(production(), [observed(TABLE, (same) => same), observed(KEY, (same) => same)], toolchain);
    expect(all).toEqual([
      { resource: TABLE, externalName: 'forum', changes: [] },
      { resource: KEY, externalName: KEY_ID, changes: [] },
    ]);
  });

  it('a table is told field by field, with what AWS does for it', () => {
    const table = observed(TABLE, ({ globalSecondaryIndex, ...forProvider }) => ({
      ...forProvider,
      hashKey: 'id',
      billingMode: 'PROVISIONED',
      streamViewType: 'KEYS_ONLY',
      ttl: { enabled: true, attributeName: 'expires' },
      globalSecondaryIndex: [
        ...(globalSecondaryIndex as readonly JsonObject[]).slice(1),
        { name: 'byDate', hashKey: 'date' },
      ],
      replica: [
        { regionName: 'us-west-2' },
        { ...(forProvider['replica'] as readonly JsonObject[])[0], kmsKeyArn: 'another' },
      ],
    }));
    const [{ changes = [] } = { changes: [] }] = takeOvers(production(), [table], toolchain);
    expect(Object.fromEntries(changes.map(({ path, change, effect }) => [path, `${change}: ${effect}`]))).toEqual({
      hashKey: 'set: it cannot change: the provider refuses, and Synced stays False',
      billingMode: 'set: AWS changes it in place, once in 24 hours',
      streamViewType: 'set: AWS makes a new stream with another ARN; whoever reads the old one gets nothing more',
      'ttl.attributeName': 'set: AWS deletes items by this attribute from then on, and no longer by the old one',
      'globalSecondaryIndex[GSI1]':
        'added: the provider cannot take over a table without it (all attributes must be indexed): make it by hand first',
      'globalSecondaryIndex[byDate]': 'removed: AWS deletes the index',
      'replica[ap-northeast-3].kmsKeyArn': 'set: the copy in that region is deleted and made again',
      'replica[us-west-2]': 'removed: AWS deletes the copy in that region with its data',
    });
  });

  it('a table loses the copies that no chart wants', () => {
    const off = { storage: { table: { replica: false }, files: { replica: false } } };
    const [{ changes = [] } = { changes: [] }] = takeOvers(
      production(off),
      [observed(TABLE, (same) => same)],
      toolchain,
    );
    expect(changes.map(({ path, change }) => `${path} ${change}`)).toContain('replica[ap-northeast-3] removed');
  });

  it('a key of another use is refused, and another policy is replaced', () => {
    const key = observed(KEY, (forProvider) => ({ ...forProvider, multiRegion: false, policy: '{"Statement":[]}' }));
    const [, { changes = [] } = { changes: [] }] = takeOvers(production(), [key], toolchain);
    expect(changes.map(({ path, effect }) => [path, effect])).toEqual(
      expect.arrayContaining([
        ['multiRegion', 'it cannot change: the provider refuses, and Synced stays False'],
        ['policy', 'it is replaced as a whole: who used the key by the old one cannot any more'],
      ]),
    );
  });

  it('compares with the key that is there, though its id is not recorded', () => {
    const records = { [TABLE]: identities[TABLE] };
    const key = { ...observed(KEY, (same) => same) };
    const [{ changes = [] } = { changes: [] }] = takeOvers(
      production({}, records),
      [key, observed(TABLE, (same) => same)],
      toolchain,
    );
    expect(changes).toEqual([]);
  });

  it('says what nobody has seen yet, and when nothing is recorded', () => {
    const unseen = takeOvers(production(), [observed(TABLE, () => ({}))], toolchain);
    expect(takeOverText(unseen)).toBe(
      [
        `${TABLE} (forum): it is not among the objects, or nothing of it was seen yet.`,
        `${KEY} (${KEY_ID}): it is not among the objects, or nothing of it was seen yet.`,
      ].join('\n'),
    );
    expect(takeOverText(takeOvers(production({}, {}), [], toolchain))).toBe(
      'No resource of this environment is recorded, so none is taken over.',
    );
  });
});

describe('what allowRemoval names', () => {
  const there = [observed(TABLE, (same) => same), observed(KEY, (same) => same)];
  it.each([
    'storage/Table/production-storage-main-table',
    'storage/Table/production-storage-main-table.ap-northeast-3',
  ])('is there: %s', (entry) => {
    expect(missingRemovals(production({ allowRemoval: [entry] }), there, toolchain.schemas)).toEqual([]);
  });

  it('is not there, and a sentence has the nearest name', () => {
    const allowRemoval = [
      'storage/Table/production-storage-main-tables',
      'storage/ObjectStore/production-storage-files-replica',
    ];
    expect(missingRemovals(production({ allowRemoval }), there, toolchain.schemas)).toEqual([
      'config/production.json: allowRemoval[0] is "storage/Table/production-storage-main-tables", which is not among the objects; write storage/Table/production-storage-main-table, or remove it if that is gone already.',
    ]);
  });
});

describe('owlnest converge --against', () => {
  it('prints both, and ends as without it', async () => {
    const root = project({ 'config/production.identities.json': JSON.stringify(identities) });
    const path = join(temporaryFolder(), 'managed.json');
    const table = observed(TABLE, (forProvider) => ({
      ...forProvider,
      ttl: { enabled: true, attributeName: 'expires' },
    }));
    const annotations = { 'crossplane.io/external-name': 'forum' };
    const items = [{ ...table, metadata: { ...table.metadata, annotations } }];
    writeFileSync(path, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    const text = await callOwlnest(['converge', 'production', '--against', path], { root });
    expect(text).toMatchObject({ code: 0, stderr: '' });
    expect(text.stdout).toContain(
      `${TABLE} (forum): taking it over changes\n  ttl.attributeName: "expires" becomes "ttl"; AWS deletes items by this attribute`,
    );
    const json = await callOwlnest(['converge', 'production', '--json', '--against', path], { root });
    expect((JSON.parse(json.stdout) as { takeOver: readonly unknown[] }).takeOver).toHaveLength(2);
  });

  it('says what is wrong with the objects', async () => {
    const { code, stderr } = await callOwlnest(['converge', 'production', '--against', '/does/not/exist']);
    expect([code, stderr]).toEqual([2, '/does/not/exist does not exist.\n']);
  });
});
