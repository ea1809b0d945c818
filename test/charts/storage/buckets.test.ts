import { describe, expect, it } from '@jest/globals';
import { bucketUses } from '../../../charts/composites/bucket-uses.ts';
import { API_VERSION } from '../../../crossplane/definition/api.ts';
import type { Fault } from '../../../crossplane/embedded/faults.ts';
import { resourceId } from '../../../crossplane/reference/identity.ts';
import type { JsonObject, KubernetesObject } from '../../../imports/base.ts';
import { ACCOUNT, actionsOf, forProvider, HERE, LayerWorld, statements, THERE } from '../../support/layer.ts';
import { EVERYTHING, storage, storageWith } from './rendered.ts';

const plain = storageWith();
const whole = storageWith(EVERYTHING);

const nameOf = (store: string, region = HERE) => `owlnest-${store}-production-${ACCOUNT}-${region}`;
const keyArn = (Object(whole.one('Key', 'data-key').status?.['atProvider']) as { readonly arn: string }).arn;
const replicaKeyArn = (
  Object(whole.one('ReplicaKey', 'data-replica-key').status?.['atProvider']) as { readonly arn: string }
).arn;

const STORES = whole.all('ObjectStore').map(({ metadata }) => metadata.name.replace('production-storage-', ''));

function aspect(kind: string, store: string): JsonObject {
  return forProvider(whole.one(kind, `${store}-${IDS[kind] ?? ''}`));
}

const IDS: Readonly<Record<string, string>> = {
  BucketOwnershipControls: 'ownership',
  BucketPublicAccessBlock: 'public-access',
  BucketPolicy: 'policy',
  BucketServerSideEncryptionConfiguration: 'encryption',
  BucketVersioning: 'versioning',
  BucketLifecycleConfiguration: 'lifecycle',
  BucketLogging: 'logging',
};

function rules(store: string): readonly JsonObject[] {
  return aspect('BucketLifecycleConfiguration', store)['rule'] as readonly JsonObject[];
}

function tagsOf(object: KubernetesObject): JsonObject {
  return forProvider(object)['tags'] as JsonObject;
}

it('there is a bucket for each use, and every use has one', () => {
  const uses = STORES.map((store) => store.replace(/^replica-(.*)$/, '$1-replica'));
  expect(uses.sort()).toEqual(Object.keys(bucketUses).sort());
  const names = plain.all('Bucket').map(({ metadata }) => metadata.annotations?.['crossplane.io/external-name']);
  expect(names.sort()).toEqual(['artifacts', 'files', 'logs', 'reports', 'website'].map((store) => nameOf(store)));
});

describe.each(STORES)('the bucket of %s', (store) => {
  it('and its aspects are in one region', () => {
    const region = store.startsWith('replica-') ? THERE : HERE;
    const owned = whole.plane.apiServer
      .list()
      .filter(({ metadata }) => metadata.ownerReferences?.[0]?.['name'] === `production-storage-${store}`)
      .filter(({ kind }) => kind.startsWith('Bucket'));
    expect(owned.length).toBeGreaterThanOrEqual(6);
    for (const one of owned) expect([one.kind, forProvider(one)['region']]).toEqual([one.kind, region]);
  });

  it('is guarded, and what guards it stays when a composite or namespace is deleted', () => {
    for (const [kind, id] of Object.entries(IDS)) {
      if (kind === 'BucketLogging' || kind === 'BucketLifecycleConfiguration') continue;
      const guard = whole.one(kind, `${store}-${id}`);
      expect(guard.spec?.['managementPolicies']).toEqual(['Observe', 'Create', 'Update']);
    }
  });

  it('throws away unfinished uploads and old versions', () => {
    expect(rules(store)).toContainEqual(
      expect.objectContaining({ status: 'Enabled', abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }] }),
    );
    const [old] = rules(store).flatMap(({ noncurrentVersionExpiration }) => noncurrentVersionExpiration ?? []);
    expect(old).toEqual({ noncurrentDays: 30 });
  });

  it('says what it costs for', () => {
    expect(tagsOf(whole.one('Bucket', `${store}-bucket`))).toMatchObject({
      application: 'owlnest',
      environment: 'production',
      component: store.replace('replica-', ''),
    });
  });
});

describe('the class of data', () => {
  it("stands on what keeps the application's, with how long that is kept, and nothing outlives it", () => {
    const classes = whole.all('Bucket').flatMap((bucket) => {
      const { component, 'data-class': dataClass, retention } = tagsOf(bucket);
      return dataClass === undefined ? [] : [[component, dataClass, retention].join(': ')];
    });
    expect([...new Set(classes)].sort()).toEqual([
      'files: public: 30 days after deletion',
      'reports: audit: 2555 days after creation',
    ]);
    // What a user deletes is gone once its last version is.
    expect(() => storageWith({ files: { versionsKeptDays: 31 } })).toThrow();
  });
});

describe('encryption', () => {
  it("is with the environment's key where only our own functions read", () => {
    for (const [store, arn] of [
      ['files', keyArn],
      ['artifacts', keyArn],
      ['reports', keyArn],
      ['replica-files', replicaKeyArn],
    ] as const) {
      expect(aspect('BucketServerSideEncryptionConfiguration', store)['rule']).toMatchObject([
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: arn },
          bucketKeyEnabled: true,
        },
      ]);
    }
  });

  it("is with S3's own keys where CloudFront reads or S3 writes logs", () => {
    for (const store of ['website', 'logs', 'replica-logs']) {
      expect(aspect('BucketServerSideEncryptionConfiguration', store)['rule']).toMatchObject([
        { applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' }, bucketKeyEnabled: false },
      ]);
    }
  });
});

describe('the policy of a bucket', () => {
  it('lets nobody in: whoever may come, comes by IAM', () => {
    for (const store of ['files', 'replica-files', 'website', 'artifacts', 'reports']) {
      expect(statements(whole.one('BucketPolicy', `${store}-policy`)).map(({ Effect }) => Effect)).toEqual(['Deny']);
    }
  });

  it('of logs lets services of AWS write for this account, each below its own prefix', () => {
    const allowed = statements(whole.one('BucketPolicy', 'logs-policy')).filter(({ Effect }) => Effect === 'Allow');
    for (const { Principal, Condition } of allowed) {
      expect(JSON.stringify(Principal)).toMatch(/^{"Service":"[a-z0-9.]+\.amazonaws\.com"}$/);
      expect(Condition?.['StringEquals']?.['aws:SourceAccount']).toBe(ACCOUNT);
    }
    const writes = allowed.filter((statement) => actionsOf(statement).includes('s3:PutObject'));
    expect(writes.map(({ Principal, Resource }) => [Object.values(Principal ?? {})[0], Resource])).toEqual([
      ['logging.s3.amazonaws.com', `arn:aws:s3:::${nameOf('logs')}/s3/*`],
      ['delivery.logs.amazonaws.com', `arn:aws:s3:::${nameOf('logs')}/AWSLogs/*`],
      ['cloudtrail.amazonaws.com', `arn:aws:s3:::${nameOf('logs')}/AWSLogs/*`],
      ['config.amazonaws.com', `arn:aws:s3:::${nameOf('logs')}/AWSLogs/*`],
    ]);
  });

  it('of logs in the replica region lets S3 write only', () => {
    const allowed = statements(whole.one('BucketPolicy', 'replica-logs-policy')).filter(
      ({ Effect }) => Effect === 'Allow',
    );
    expect(allowed.map(({ Principal }) => Principal)).toEqual([{ Service: 'logging.s3.amazonaws.com' }]);
  });
});

describe('access logs', () => {
  it('go to the bucket of logs of the same region, below the name of the bucket', () => {
    for (const store of ['files', 'website', 'artifacts', 'reports', 'replica-files']) {
      const region = store === 'replica-files' ? THERE : HERE;
      expect(aspect('BucketLogging', store)).toMatchObject({
        targetBucket: nameOf('logs', region),
        targetPrefix: `s3/${nameOf(store.replace('replica-', ''), region)}/`,
      });
    }
  });

  it('of the buckets of logs themselves are not kept: they would log their own logging', () => {
    expect(whole.all('BucketLogging')).toHaveLength(5);
  });
});

describe('lifecycle', () => {
  it('moves files to Intelligent-Tiering, and exports go after a week', () => {
    for (const store of ['files', 'replica-files']) {
      expect(rules(store)).toContainEqual(
        expect.objectContaining({ transition: [{ days: 30, storageClass: 'INTELLIGENT_TIERING' }] }),
      );
      expect(rules(store)).toContainEqual(
        expect.objectContaining({ filter: [{ prefix: 'exports/' }], expiration: [{ days: 7 }] }),
      );
    }
  });

  it('never lets go of a present file, page or artifact', () => {
    for (const store of ['files', 'replica-files', 'website', 'artifacts']) {
      const ends = rules(store).filter(({ filter, expiration }) => {
        const all = JSON.stringify(filter) === JSON.stringify([{ prefix: '' }]);
        return all && JSON.stringify(expiration ?? null).includes('"days"');
      });
      expect(ends).toEqual([]);
    }
  });

  it('keeps logs as the config says, and reports as their class says', () => {
    const days = (world: typeof whole, name: string) =>
      (forProvider(world.one('BucketLifecycleConfiguration', `${name}-lifecycle`))['rule'] as readonly JsonObject[])
        .filter(({ id }) => id === 'expiry')
        .map(({ expiration }) => expiration);
    const world = storageWith({ logs: { retentionDays: 120 } });
    expect(days(world, 'logs')).toEqual([[{ days: 120 }]]);
    expect(days(plain, 'logs')).toEqual([[{ days: 400 }]]);
    expect(days(plain, 'reports')).toEqual([[{ days: 2555 }]]);
    const elsewhere = storageWith({}, { environment: 'staging', tier: 'staging' });
    const reports = elsewhere
      .all('BucketLifecycleConfiguration')
      .find(({ metadata }) => metadata.name.includes('reports'));
    expect(JSON.stringify(reports?.spec)).toContain('"expiration":[{"days":365}]');
  });
});

describe('uploads', () => {
  it("come from the application's own pages and those that the config names, to files only", () => {
    expect(whole.all('BucketCorsConfiguration').map((cors) => forProvider(cors))).toMatchObject([
      {
        bucket: nameOf('files'),
        corsRule: [{ allowedMethods: ['POST'], allowedOrigins: ['https://owlnest.example', 'http://localhost:5173'] }],
      },
    ]);
  });

  it('are told to EventBridge, so that each file is checked', () => {
    expect(whole.all('BucketNotification').map(forProvider)).toEqual([
      { region: HERE, bucket: nameOf('files'), eventbridge: true },
    ]);
  });
});

describe('object lock', () => {
  it('is there when the config says so, on the copy too, and can be lifted by who has the right', () => {
    expect(whole.all('BucketObjectLockConfiguration').map(forProvider)).toEqual(
      [nameOf('files'), nameOf('files', THERE)].map((bucket) => ({
        region: bucket.endsWith(THERE) ? THERE : HERE,
        bucket,
        objectLockEnabled: 'Enabled',
        rule: { defaultRetention: { mode: 'GOVERNANCE', days: 30 } },
      })),
    );
    expect(plain.all('BucketObjectLockConfiguration')).toEqual([]);
  });

  it('can come later: the bucket itself does not fix it', () => {
    const world = storageWith();
    expect(world.apply({ files: { objectLockDays: 10 } })).toEqual([]);
    expect(world.inAws('BucketObjectLockConfiguration')).toHaveLength(1);
  });
});

describe('replication', () => {
  const replication = forProvider(whole.one('BucketReplicationConfiguration', 'files-replication-configuration'));

  it('copies every version and marker of deletion, encrypted with the key of the other region', () => {
    expect(replication).toMatchObject({
      bucket: nameOf('files'),
      rule: [
        {
          status: 'Enabled',
          filter: { prefix: '' },
          deleteMarkerReplication: { status: 'Enabled' },
          sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: 'Enabled' } },
          destination: {
            bucket: `arn:aws:s3:::${nameOf('files', THERE)}`,
            encryptionConfiguration: { replicaKmsKeyId: replicaKeyArn },
          },
        },
      ],
    });
  });

  it('has a role of its own, which only S3 can take and which can do nothing else', () => {
    const [role] = whole.all('Role');
    expect(role === undefined ? [] : statements(role, 'assumeRolePolicy')).toMatchObject([
      { Principal: { Service: 's3.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ]);
    expect(replication['role']).toBe(`arn:aws:iam::${ACCOUNT}:role/owlnest-files-replication-production`);
    const allowed = statements(whole.one('RolePolicy', 'files-replication-access-policy'));
    const [source, target] = [nameOf('files'), nameOf('files', THERE)].map((name) => `arn:aws:s3:::${name}`);
    expect(allowed.map(({ Resource }) => Resource)).toEqual([
      source,
      `${source}/*`,
      `${target}/*`,
      keyArn,
      replicaKeyArn,
    ]);
    expect(allowed.flatMap(actionsOf).filter((action) => /\*|Delete/.test(action))).toEqual(['s3:ReplicateDelete']);
    for (const { Action, Condition } of allowed.filter((one) =>
      actionsOf(one).some((text) => text.startsWith('kms:')),
    )) {
      const region = Action === 'kms:Decrypt' ? HERE : THERE;
      expect(Condition?.['StringEquals']).toEqual({ 'kms:ViaService': `s3.${region}.amazonaws.com` });
    }
  });

  it('needs no second region where nothing is replicated', () => {
    for (const object of plain.plane.apiServer.list()) {
      const { managedFields: _, ...metadata } = object.metadata;
      expect(JSON.stringify([metadata, forProvider(object)])).not.toContain(THERE);
    }
  });
});

describe('order', () => {
  const worldWith = (fault: Fault): typeof whole => {
    const world = new LayerWorld(storage);
    world.plane.inject([fault]);
    world.apply(EVERYTHING);
    return world;
  };
  const id = (kind: string, name: string) =>
    resourceId({ apiVersion: 's3.aws.m.upbound.io/v1beta1', kind }, `production-storage-${name}`);
  const names = (world: typeof whole, kind: string) => world.all(kind).map(({ metadata }) => metadata.name);

  it.each([
    ['BucketVersioning', 'versioning'],
    ['BucketObjectLockConfiguration', 'object-lock'],
  ])('replication waits for the %s of its destination', (kind, name) => {
    const world = worldWith({ kind: 'freeze', resource: id(kind, `replica-files-${name}`) });
    expect(names(world, 'BucketReplicationConfiguration')).toEqual([]);
    // All else of the bucket is there.
    expect(names(world, 'BucketVersioning')).toContain('production-storage-files-versioning');
  });

  it('access logs wait until the policy of their target lets them in', () => {
    const world = worldWith({ kind: 'drop', resource: id('BucketPolicy', 'logs-policy'), field: 'id' });
    expect(names(world, 'BucketLogging')).toEqual(['production-storage-replica-files-logging']);
    expect(names(world, 'BucketPolicy')).toContain('production-storage-files-policy');
  });

  it('a policy waits for the block of public access', () => {
    const world = worldWith({ kind: 'never-ready', resource: id('BucketPublicAccessBlock', 'files-public-access') });
    expect(names(world, 'BucketPolicy')).toContain('production-storage-website-policy');
    expect(names(world, 'BucketPolicy')).not.toContain('production-storage-files-policy');
  });
});

describe('without protection', () => {
  it('guards of a bucket go with it, never before it', () => {
    const world = storageWith({}, { environment: 'development', tier: 'development', protectData: false });
    const guards = world.all('BucketPublicAccessBlock').concat(world.all('BucketServerSideEncryptionConfiguration'));
    expect(guards).toHaveLength(10);
    for (const { spec } of guards) expect(spec?.['managementPolicies']).toEqual(['Observe', 'Create', 'Update']);
    world.plane.remove({
      apiVersion: API_VERSION,
      kind: 'Storage',
      namespace: 'owlnest-development',
      name: 'development-storage',
    });
    world.plane.converge();
    expect([...world.inAws('Bucket'), ...world.inAws('BucketPublicAccessBlock')]).toEqual([]);
  });
});
