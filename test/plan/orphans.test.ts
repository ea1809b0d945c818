import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject, KubernetesObject } from '../../imports/base.ts';
import { orphansOf, type TaggedResource } from '../../plan/orphans.ts';
import { EVERYTHING, storageWith } from '../charts/storage/rendered.ts';

const REGION = 'ap-northeast-1';
const KEY = `arn:aws:kms:${REGION}:123456789012:key/`;
const [FIRST, SECOND] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'];

interface Parts {
  readonly name?: string;
  readonly externalName?: string;
  readonly forProvider?: JsonObject;
  readonly atProvider?: JsonObject;
}

/** @param kind `<Kind>.<service>` */
function object(kind: string, { name = 'x', externalName, forProvider, atProvider }: Parts): KubernetesObject {
  const [short = '', service = ''] = kind.split('.');
  return {
    apiVersion: `${service}.aws.m.upbound.io/v1beta1`,
    kind: short,
    metadata: {
      name,
      ...(externalName !== undefined && { annotations: { 'crossplane.io/external-name': externalName } }),
    },
    spec: { forProvider: { region: REGION, ...forProvider } },
    ...(atProvider !== undefined && { status: { atProvider } }),
  };
}

/** A resource with the tags that the provider sets for an object. */
function made(arn: string, kind: string, name = 'x', region = REGION): TaggedResource {
  return {
    arn,
    region,
    tags: { 'crossplane-kind': `${kind.toLowerCase()}.aws.m.upbound.io`, 'crossplane-name': name },
  };
}

function statesOf(resources: readonly TaggedResource[], objects: readonly KubernetesObject[]) {
  return Object.fromEntries(orphansOf(resources, objects).map(({ arn, state }) => [arn, state]));
}

describe('orphans', () => {
  const key = object('Key.kms', { externalName: FIRST, atProvider: { arn: KEY + FIRST, id: FIRST } });

  it('are not what an object stands for', () => {
    expect(orphansOf([made(KEY + FIRST, 'Key.kms')], [key])).toEqual([]);
  });

  it('are made twice where the object of their tags stands for another one', () => {
    expect(orphansOf([made(KEY + FIRST, 'Key.kms'), made(KEY + SECOND, 'Key.kms')], [key])).toEqual([
      {
        ...made(KEY + SECOND, 'Key.kms'),
        madeFor: 'key.kms.aws.m.upbound.io/x',
        state: 'doubled',
        instead: KEY + FIRST,
        mentionedBy: [],
      },
    ]);
  });

  it('are made twice, too, where that object has a name and no status yet', () => {
    const [orphan] = orphansOf([made(KEY + SECOND, 'Key.kms')], [object('Key.kms', { externalName: FIRST })]);
    expect(orphan).toMatchObject({ state: 'doubled', instead: FIRST });
  });

  it('are left behind where there is no such object', () => {
    expect(statesOf([made(KEY + SECOND, 'Key.kms', 'gone')], [key])).toEqual({ [KEY + SECOND]: 'left' });
    expect(statesOf([{ arn: KEY + SECOND, region: REGION, tags: { application: 'owlnest' } }], [key])).toEqual({
      [KEY + SECOND]: 'left',
    });
  });

  it('may be what an object is being made into, as long as that stands for nothing', () => {
    expect(statesOf([made(KEY + FIRST, 'Key.kms')], [object('Key.kms', {})])).toEqual({ [KEY + FIRST]: 'unnamed' });
  });

  it('are named with what mentions them still', () => {
    const table = object('Table.dynamodb', {
      name: 'posts',
      atProvider: { arn: 'arn:aws:dynamodb:r:1:table/posts', serverSideEncryption: { kmsKeyArn: KEY + SECOND } },
    });
    const alias = object('Alias.kms', { name: 'a', forProvider: { targetKeyId: SECOND } });
    const [orphan] = orphansOf([made(KEY + SECOND, 'Key.kms')], [table, key, alias]);
    expect(orphan?.mentionedBy).toEqual(['Alias.kms.aws.m.upbound.io/a', 'Table.dynamodb.aws.m.upbound.io/posts']);
  });

  it('are not mentioned by a name that only begins like theirs', () => {
    const arn = `arn:aws:dynamodb:${REGION}:123456789012:table/posts`;
    const other = object('Policy.iam', { forProvider: { policy: JSON.stringify({ Resource: `${arn}-archive` }) } });
    const its = object('Policy.iam', { name: 'y', forProvider: { policy: JSON.stringify({ Resource: `${arn}/*` }) } });
    const [orphan] = orphansOf([made(arn, 'Table.dynamodb')], [other, its]);
    expect(orphan?.mentionedBy).toEqual(['Policy.iam.aws.m.upbound.io/y']);
  });

  it('are found by the external name as long as the status has no ARN: of the same kind and region only', () => {
    const bucket = object('Bucket.s3', { name: 'files', externalName: 'owlnest-files' });
    const arn = 'arn:aws:s3:::owlnest-files';
    expect(orphansOf([made(arn, 'Bucket.s3', 'files-of-before')], [bucket])).toEqual([]);
    expect(statesOf([made(arn, 'Table.dynamodb')], [bucket])).toEqual({ [arn]: 'left' });
    expect(statesOf([made(arn, 'Bucket.s3', 'files', 'ap-northeast-3')], [bucket])).toEqual({ [arn]: 'doubled' });
    expect(statesOf([made('arn:aws:s3:::other-owlnest-files', 'Bucket.s3', 'y')], [bucket])).toEqual({
      'arn:aws:s3:::other-owlnest-files': 'left',
    });
  });

  it('are not what two regions list and an object of one of them stands for', () => {
    const bucket = object('Bucket.s3', { name: 'files', externalName: 'owlnest-files' });
    const listed = [REGION, 'us-east-1'].map((region) =>
      made('arn:aws:s3:::owlnest-files', 'Bucket.s3', 'files', region),
    );
    expect(orphansOf(listed, [bucket])).toEqual([]);
    expect(orphansOf(listed.toReversed(), [bucket])).toEqual([]);
    expect(orphansOf(listed, [])).toHaveLength(1);
  });

  it('are not the copies of a table in other regions', () => {
    const copy = 'arn:aws:dynamodb:ap-northeast-3:123456789012:table/posts';
    const table = object('Table.dynamodb', {
      atProvider: { arn: `arn:aws:dynamodb:${REGION}:123456789012:table/posts`, replica: [{ arn: copy }] },
    });
    expect(orphansOf([made(copy, 'Table.dynamodb', 'x', 'ap-northeast-3')], [table])).toEqual([]);
  });

  it('are not hidden by an object that only points at them', () => {
    const arn = `arn:aws:lambda:${REGION}:123456789012:function:f`;
    const target = object('Target.cloudwatchevents', { forProvider: { arn }, atProvider: { arn } });
    expect(statesOf([made(arn, 'Function.lambda')], [target])).toEqual({ [arn]: 'left' });
  });

  it('are told from backups, to which AWS copies the tags', () => {
    const backup = `arn:aws:backup:${REGION}:123456789012:recovery-point:${SECOND}`;
    const table = object('Table.dynamodb', { atProvider: { arn: `arn:aws:dynamodb:${REGION}:1:table/posts` } });
    expect(statesOf([made(backup, 'Table.dynamodb')], [table])).toEqual({ [backup]: 'copied' });
    expect(statesOf([made(backup, 'Table.dynamodb')], [])).toEqual({ [backup]: 'copied' });
  });

  it('take the ARN of a log group with and without its end for the same', () => {
    const arn = `arn:aws:logs:${REGION}:123456789012:log-group:/owlnest/api`;
    const group = object('Group.cloudwatchlogs', { atProvider: { arn } });
    expect(orphansOf([made(`${arn}:*`, 'Group.cloudwatchlogs')], [group])).toEqual([]);
  });
});

describe('orphans of a whole layer', () => {
  const objects = storageWith(EVERYTHING)
    .plane.apiServer.list()
    .filter(({ apiVersion }) => apiVersion.includes('.aws.m.'));
  const resources = objects.flatMap((one): readonly TaggedResource[] => {
    const { arn } = (one.status?.['atProvider'] ?? {}) as { readonly arn?: string };
    if (arn === undefined) return [];
    const region = String((one.spec?.['forProvider'] as JsonObject)['region']);
    return [made(arn, `${one.kind}.${one.apiVersion.split('.')[0]}`, one.metadata.name, region)];
  });
  const doubled = (arn: string) => `${arn}-again`;

  it('are none as long as every object stands for its resource', () => {
    expect(resources.length).toBeGreaterThan(10);
    expect(orphansOf(resources, objects)).toEqual([]);
  });

  it('are what was made twice and what lost its object, whatever the order', () => {
    fc.assert(
      fc.property(
        fc.subarray(resources),
        fc.subarray(resources),
        fc.shuffledSubarray(objects, { minLength: objects.length }),
        (twice, lost, shuffled) => {
          const again = twice.map((resource) => ({ ...resource, arn: doubled(resource.arn) }));
          const gone = new Set(lost.map(({ tags }) => `${tags['crossplane-kind']}/${tags['crossplane-name']}`));
          const there = shuffled.filter(
            ({ kind, apiVersion, metadata }) =>
              !gone.has(`${`${kind}.${apiVersion.split('/')[0]}`.toLowerCase()}/${metadata.name}`),
          );
          const orphans = orphansOf([...again, ...resources], there);
          const isLost = (arn: string) => lost.some((one) => one.arn === arn || doubled(one.arn) === arn);
          expect(orphans.map(({ arn }) => arn)).toEqual([...new Set([...again, ...lost].map(({ arn }) => arn))].sort());
          expect(orphans.filter(({ arn, state }) => state !== (isLost(arn) ? 'left' : 'doubled'))).toEqual([]);
        },
      ),
    );
  });
});
