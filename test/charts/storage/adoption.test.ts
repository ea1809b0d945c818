import { describe, expect, it } from '@jest/globals';
import type { Context } from '../../../crossplane/definition/context.ts';
import type { JsonObject, KubernetesObject } from '../../../imports/base.ts';
import { ACCOUNT, HERE, LayerWorld } from '../../support/layer.ts';
import { storage, storageWith } from './rendered.ts';

const TABLE = 'Table.dynamodb.aws.m.upbound.io/production-storage-main-table';
const BUCKET = 'Bucket.s3.aws.m.upbound.io/production-storage-files-bucket';
const KEY = 'Key.kms.aws.m.upbound.io/production-storage-data-key';

/** What another hand has made in AWS before. */
function existing(apiVersion: string, kind: string, externalName: string, forProvider: JsonObject): KubernetesObject {
  return {
    apiVersion: `${apiVersion}.aws.m.upbound.io/v1beta1`,
    kind,
    metadata: { name: 'by-hand', annotations: { 'crossplane.io/external-name': externalName } },
    spec: { forProvider: { region: HERE, ...forProvider } },
  };
}

const oldTable = existing('dynamodb', 'Table', 'forum', {
  hashKey: 'PK',
  rangeKey: 'SK',
  billingMode: 'PAY_PER_REQUEST',
  streamEnabled: true,
  deletionProtectionEnabled: false,
});
const oldBucket = existing('s3', 'Bucket', 'forum-uploads', { forceDestroy: false, tags: { team: 'forum' } });
const oldVersioning = existing('s3', 'BucketVersioning', 'forum-uploads', {
  bucket: 'forum-uploads',
  versioningConfiguration: { status: 'Suspended' },
});
const oldKey = existing('kms', 'Key', 'mrk-0123456789abcdef0123456789abcdef', { multiRegion: true });

function recorded(id: string, externalName: string, mode: 'adopt' | 'owned'): Partial<Context> {
  return { identities: { [id]: { externalName, mode } } };
}

describe('a table that is there already', () => {
  it('is looked at first, and nothing of it changes', () => {
    const world = new LayerWorld(storage, [oldTable]);
    expect(world.apply({}, recorded(TABLE, 'forum', 'adopt'))).toEqual([]);
    const [table, ...others] = world.inAws('Table');
    expect(others).toEqual([]);
    expect(table).toMatchObject({ externalName: 'forum' });
    expect(table?.forProvider).toEqual(oldTable.spec?.['forProvider']);
    expect(world.one('Table', 'main-table').spec?.['managementPolicies']).toEqual(['Observe']);
    // The rest of the layer works with what it says of itself.
    const [{ status } = {}] = world.all('Storage');
    expect(status?.['outputs']).toMatchObject({
      tableName: 'forum',
      tableArn: `arn:aws:dynamodb:${HERE}:${ACCOUNT}:table/forum`,
    });
  });

  it('gets nothing that would change it while it is only looked at', () => {
    const world = new LayerWorld(storage, [oldTable]);
    const section = { table: { billing: 'provisioned', contributorInsights: 'all-keys' } } as const;
    expect(world.apply(section, recorded(TABLE, 'forum', 'adopt'))).toEqual([]);
    expect([...world.inAws('Target'), ...world.inAws('Policy'), ...world.inAws('ContributorInsights')]).toEqual([]);
  });

  it('is taken over by the next commit: the same table, as the charts want it, and never to be deleted', () => {
    const world = new LayerWorld(storage, [oldTable]);
    world.apply({}, recorded(TABLE, 'forum', 'adopt'));
    expect(
      world.apply({ table: { contributorInsights: 'throttled-keys' } }, recorded(TABLE, 'forum', 'owned')),
    ).toEqual([]);
    expect(world.inAws('Table')).toMatchObject([
      {
        externalName: 'forum',
        forProvider: { deletionProtectionEnabled: true, pointInTimeRecovery: { enabled: true } },
      },
    ]);
    expect(world.one('Table', 'main-table').spec?.['managementPolicies']).toEqual(['Observe', 'Create', 'Update']);
    expect(world.inAws('ContributorInsights')).toMatchObject([
      { forProvider: { tableName: 'forum' } },
      { forProvider: { tableName: 'forum' } },
      { forProvider: { tableName: 'forum' } },
    ]);
  });

  const different = existing('dynamodb', 'Table', 'forum', {
    hashKey: 'PK',
    rangeKey: 'SK',
    billingMode: 'PAY_PER_REQUEST',
    streamEnabled: true,
    streamViewType: 'KEYS_ONLY',
    ttl: { enabled: true, attributeName: 'expires' },
    globalSecondaryIndex: [
      { name: 'GSI1', hashKey: 'GSI1PK', rangeKey: 'GSI1SK', projectionType: 'KEYS_ONLY' },
      { name: 'by-mail', hashKey: 'mail', rangeKey: 'SK', projectionType: 'ALL' },
    ],
    replica: [{ regionName: 'eu-west-1', kmsKeyArn: 'arn:aws:kms:eu-west-1:123456789012:key/a' }],
  });
  const LOST = ['by-mail', 'GSI1', 'eu-west-1', 'streamViewType', 'ttl'];
  const entries = LOST.map((one) => `storage/Table/production-storage-main-table.${one}`);

  it('is not taken over while that would remove or rebuild a part of it: a sentence each, until allowRemoval names it', () => {
    const world = new LayerWorld(storage, [different]);
    const own = recorded(TABLE, 'forum', 'owned');
    world.apply({}, recorded(TABLE, 'forum', 'adopt'));
    const findings = world.apply({}, own).filter(({ rule }) => rule === 'held-would-remove');
    expect(findings).toHaveLength(1);
    for (const [does, entry] of [
      ['deletes the index by-mail', entries[0]],
      ['deletes the index GSI1 and builds it anew (projectionType)', entries[1]],
      ['deletes the replica in eu-west-1', entries[2]],
      ['closes the stream and opens one of another ARN', entries[3]],
      ['no longer removes what expires lets expire', entries[4]],
    ]) {
      expect(findings[0]?.message).toContain(
        `AWS ${does ?? ''}, once ${TABLE} is taken over: change it there by hand, or let allowRemoval name ${entry ?? ''}.`,
      );
    }
    expect(world.inAws('Table')[0]?.forProvider).toEqual(different.spec?.['forProvider']);
    world.apply({}, { ...own, allowRemoval: entries.slice(1) });
    expect(world.inAws('Table')[0]?.forProvider).toEqual(different.spec?.['forProvider']);
    expect(world.apply({}, { ...own, allowRemoval: entries })).toEqual([]);
    expect(world.inAws('Table')).toMatchObject([
      { externalName: 'forum', forProvider: { ttl: { attributeName: 'ttl' } } },
    ]);
  });

  it('is not taken over as a provisioned one while it is on demand: its indexes would have no capacity', () => {
    const world = new LayerWorld(storage, [oldTable]);
    const findings = world.apply({ table: { billing: 'provisioned' } }, recorded(TABLE, 'forum', 'owned'));
    expect(findings.map(({ message }) => message).join('\n')).toContain(
      'leaves one unit to the table and none to its indexes',
    );
    expect(world.inAws('Table')[0]?.forProvider).toEqual(oldTable.spec?.['forProvider']);
  });

  it('is compared first, too, when it is recorded as owned at once', () => {
    const world = new LayerWorld(storage, [different]);
    const findings = world.apply({}, recorded(TABLE, 'forum', 'owned'));
    expect(findings.map(({ rule }) => rule)).toContain('held-would-remove');
    expect(world.inAws('Table')[0]?.forProvider).toEqual(different.spec?.['forProvider']);
  });

  it('is not made when it is not there: the sentence says so', () => {
    const world = new LayerWorld(storage);
    const findings = world.apply({}, recorded(TABLE, 'forum', 'adopt'));
    expect(world.inAws('Table')).toEqual([]);
    expect(findings.map(({ message }) => message).join('\n')).toContain(
      `${TABLE} is not ready: Synced is False (observe failed: external resource does not exist)`,
    );
  });

  it('is not swapped for another one by a record that comes too late', () => {
    const world = new LayerWorld(storage, [oldTable]);
    expect(world.apply()).toEqual([]);
    const findings = world.apply({}, recorded(TABLE, 'forum', 'owned'));
    expect(findings.map(({ message }) => message)).toContain(
      `The AWS name of ${TABLE} cannot change from owlnest-main-table-production to forum: the object would let go of what it stands for.`,
    );
    expect(world.inAws('Table')).toHaveLength(2);
    expect(world.inAws('Table')[0]?.forProvider).toEqual(oldTable.spec?.['forProvider']);
  });
});

describe('the bucket of logs that is there already', () => {
  it('takes the access logs of the others while it is only looked at: what lets them in is not ours to wait for', () => {
    const logs = 'Bucket.s3.aws.m.upbound.io/production-storage-logs-bucket';
    const oldLogs = existing('s3', 'Bucket', 'forum-logs', { forceDestroy: false });
    const world = new LayerWorld(storage, [oldLogs]);
    expect(world.apply({}, recorded(logs, 'forum-logs', 'adopt'))).toEqual([]);
    const targets = world.inAws('BucketLogging').map(({ forProvider }) => forProvider['targetBucket']);
    expect(new Set(targets)).toEqual(new Set(['forum-logs']));
    expect(targets).toHaveLength(4);
  });
});

describe('a table that was made on demand', () => {
  it('stays so: the provider would leave its indexes without capacity', () => {
    const world = storageWith();
    const before = world.inAws('Table')[0]?.forProvider;
    const findings = world.apply({ table: { billing: 'provisioned' } });
    expect(findings.filter(({ resource }) => resource === TABLE)).toMatchObject([
      {
        rule: 'held-never-arrives',
        path: 'spec.forProvider.billingMode',
        message: expect.stringContaining('a table made on demand stays on demand'),
      },
    ]);
    expect(world.inAws('Table')[0]?.forProvider).toEqual(before);
    expect(world.apply({})).toEqual([]);
  });
});

describe('a bucket that is there already', () => {
  it('is looked at first, without any aspect: each would change it', () => {
    const world = new LayerWorld(storage, [oldBucket, oldVersioning]);
    expect(world.apply({}, recorded(BUCKET, 'forum-uploads', 'adopt'))).toEqual([]);
    expect(world.inAws('Bucket')[0]?.forProvider).toEqual(oldBucket.spec?.['forProvider']);
    expect(world.inAws('BucketVersioning')[0]?.forProvider).toEqual(oldVersioning.spec?.['forProvider']);
    const aspects = world.plane.apiServer.list().filter(({ kind, metadata }) => {
      return kind.startsWith('Bucket') && metadata.name.startsWith('production-storage-files-');
    });
    expect(aspects.map(({ kind }) => kind)).toEqual(['Bucket']);
  });

  it('is taken over by the next commit, with all aspects under its own name', () => {
    const world = new LayerWorld(storage, [oldBucket, oldVersioning]);
    world.apply({}, recorded(BUCKET, 'forum-uploads', 'adopt'));
    expect(world.apply({}, recorded(BUCKET, 'forum-uploads', 'owned'))).toEqual([]);
    const versioning = world.inAws('BucketVersioning').find(({ externalName }) => externalName === 'forum-uploads');
    expect(versioning?.forProvider['versioningConfiguration']).toEqual({ status: 'Enabled' });
    const policies = world.inAws('BucketPolicy').filter(({ externalName }) => externalName === 'forum-uploads');
    expect(String(policies[0]?.forProvider['policy'])).toContain('arn:aws:s3:::forum-uploads/*');
    const chosen = `owlnest-files-production-${ACCOUNT}-${HERE}`;
    expect([...world.inAws('Bucket')].filter(({ externalName }) => externalName === chosen)).toEqual([]);
  });

  it('keeps its guards in AWS when somebody takes the step back', () => {
    const world = storageWith();
    const name = `owlnest-files-production-${ACCOUNT}-${HERE}`;
    expect(world.apply({}, recorded(BUCKET, name, 'adopt'))).toEqual([]);
    const guards = [
      'BucketPublicAccessBlock',
      'BucketPolicy',
      'BucketServerSideEncryptionConfiguration',
      'BucketVersioning',
    ];
    for (const kind of guards) {
      expect([kind, world.inAws(kind).filter(({ externalName }) => externalName === name).length]).toEqual([kind, 1]);
    }
  });
});

describe('a key, whose id AWS made up', () => {
  it('is found again by a rebuilt cluster from what was recorded: there is no second one', () => {
    const first = storageWith();
    const identities = Object(first.all('Storage')[0]?.status?.['identities']) as Record<string, string>;
    const id = identities[KEY] ?? '';
    const there = first.inAws('Key').map((key) => existing('kms', 'Key', key.externalName, key.forProvider));
    const names = Object.entries(identities).filter(([key]) => key.startsWith('Key.'));
    const owned = Object.fromEntries(names.map(([key, name]) => [key, { externalName: name, mode: 'owned' as const }]));
    const second = new LayerWorld(storage, there);
    expect(second.apply({}, { identities: owned })).toEqual([]);
    expect(
      second
        .inAws('Key')
        .map(({ externalName }) => externalName)
        .sort(),
    ).toEqual(
      first
        .inAws('Key')
        .map(({ externalName }) => externalName)
        .sort(),
    );
    expect(second.inAws('Key').map(({ externalName }) => externalName)).toContain(id);
  });

  it('can be one that another hand made', () => {
    const name = 'mrk-0123456789abcdef0123456789abcdef';
    const world = new LayerWorld(storage, [oldKey]);
    expect(world.apply({}, recorded(KEY, name, 'adopt'))).toEqual([]);
    expect(world.inAws('Key')[0]?.forProvider).toEqual(oldKey.spec?.['forProvider']);
    // Its alias would be a part of it.
    expect(world.inAws('Alias')).toHaveLength(2);
    expect(world.apply({}, recorded(KEY, name, 'owned'))).toEqual([]);
    expect(world.inAws('Key')[0]?.forProvider).toMatchObject({ enableKeyRotation: true });
    expect(world.inAws('Alias')).toHaveLength(3);
    expect(world.inAws('Key')).toHaveLength(3);
  });
});
