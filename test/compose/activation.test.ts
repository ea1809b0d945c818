import { describe, expect, it } from '@jest/globals';
import { activatedIn } from '../../crossplane/compose/activated.ts';
import { ACTIVATION_POLICY, ACTIVATION_REQUIREMENT } from '../../crossplane/definition/activation-policy.ts';
import type { ResourceId } from '../../crossplane/reference/identity.ts';
import type { JsonObject, KubernetesObject } from '../../imports/base.ts';
import { Grant } from '../../imports/kms.ts';
import { Topic } from '../../imports/sns.ts';
import { byName, compositeObject, testKind, worldOf, type World } from '../support/world.ts';

const TOPICS = 'topics.sns.aws.m.upbound.io';
const GRANTS = 'grants.kms.aws.m.upbound.io';
const PAIR = 'Pair.owlnest.io/test' as ResourceId;

/** Topics named in `values.topics`, fifo or not, and a grant. */
const Pair = testKind('Pair', (chart, { spec }) => {
  const { topics = 'topic', fifo, grant } = spec.values ?? {};
  for (const id of topics.split(' ')) {
    new Topic(chart, id, {
      why: 'For a test',
      name: id,
      forProvider: { fifoTopic: fifo === 'yes', displayName: topics },
    });
  }
  const granted = { operations: ['Encrypt'], granteePrincipal: 'arn:aws:iam::123456789012:role/a', keyId: 'a' };
  if (grant !== 'no') new Grant(chart, 'grant', { why: 'For a test', forProvider: granted });
  return {};
});

/** A cluster that begins with these kinds, or with all. */
function worldWith(values: Readonly<Record<string, string>>, activated?: readonly string[]): World {
  const world = worldOf([Pair]);
  if (activated !== undefined) world.plane.activate(activated);
  world.plane.apply(compositeObject(Pair, { values }));
  return world;
}

function converged(world: World) {
  const result = world.plane.converge().composites.get(PAIR);
  if (result?.outcome !== 'composed') throw new Error(JSON.stringify(result));
  return result;
}

const find = ({ plane }: World, name: string) => byName(plane.apiServer.list())[name];

describe('law 7: a kind that the cluster has not activated', () => {
  it('concerns the objects of that kind alone: all others are made, and they come once it is activated', () => {
    const world = worldWith({}, [TOPICS]);
    const { status, ready } = converged(world);
    expect(Object.keys(byName(world.plane.apiServer.list()))).toEqual(['Pair/test', 'Topic/test-topic']);
    expect(ready).toBe(false);
    expect(status.resources.text).toBe('1/2');
    expect(status.invalid).toEqual([
      {
        resource: expect.stringMatching(/^Grant\.kms\.aws\.m\.upbound\.io\/test-grant-[0-9a-f]{8}$/),
        path: 'kind',
        rule: 'not-activated',
        received: 'Grant',
        message:
          'Grant (kms.aws.m.upbound.io/v1beta1) is not activated in this cluster: apply dist/platform of this ' +
          'release, or name grants.kms.aws.m.upbound.io in an activation policy and install provider-aws-kms.',
      },
    ]);
    expect(status.converged.message).toContain('is not activated in this cluster');
    world.plane.activate([TOPICS, GRANTS]);
    expect(converged(world)).toMatchObject({ ready: true, status: { invalid: [] } });
  });

  it('is presumed to be there as long as nothing is known', () => {
    expect(converged(worldWith({})).ready).toBe(true);
  });

  it('is there, whatever the policies say, when another object of it exists: that one can change, too', () => {
    const world = worldWith({});
    expect(converged(world).ready).toBe(true);
    world.plane.activate([]);
    world.plane.apply(compositeObject(Pair, { values: { topics: 'topic second' } }));
    expect(converged(world)).toMatchObject({ ready: true, status: { invalid: [], held: [] } });
    expect(find(world, 'Topic/test-topic')?.spec?.['forProvider']).toMatchObject({ displayName: 'topic second' });
    expect(find(world, 'Topic/test-second')).toBeDefined();
  });

  it('keeps what would have to be deleted and made again, since nobody could say that it can be made', () => {
    const world = worldWith({ grant: 'no' });
    expect(converged(world).ready).toBe(true);
    const before = find(world, 'Topic/test-topic');
    world.plane.activate([]);
    world.plane.apply(compositeObject(Pair, { values: { grant: 'no', fifo: 'yes' } }));
    const { status } = converged(world);
    expect(status.held).toMatchObject([{ reason: 'invalid', field: 'spec.forProvider.fifoTopic' }]);
    expect(status.held[0]?.message).toContain('could not be made again: Topic (sns.aws.m.upbound.io/v1beta1) is not');
    expect(status.invalid).toMatchObject([{ rule: 'not-activated', received: 'Topic' }]);
    expect(find(world, 'Topic/test-topic')?.metadata.uid).toBe(before?.metadata.uid);
    expect(find(world, 'Topic/test-topic')?.spec).toEqual(before?.spec);
    world.plane.activate([TOPICS]);
    expect(converged(world).ready).toBe(true);
    expect(find(world, 'Topic/test-topic')?.metadata.uid).not.toBe(before?.metadata.uid);
  });
});

describe('what the activation policies say', () => {
  const policy = (status?: JsonObject): KubernetesObject => ({
    ...ACTIVATION_POLICY,
    metadata: { name: 'any' },
    ...(status === undefined ? {} : { status }),
  });
  const from = (...policies: readonly KubernetesObject[]) =>
    activatedIn((name) => (name === ACTIVATION_REQUIREMENT.requirementName ? policies : []));

  it('is nothing when there is none, or core has judged none yet', () => {
    expect(from()).toBeUndefined();
    expect(from(policy())).toBeUndefined();
  });

  it('adds up; one that has activated nothing has no list', () => {
    expect(from(policy({ conditions: [] }))).toEqual(new Set());
    expect(from(policy({ activated: [TOPICS] }), policy(), policy({ activated: [GRANTS, TOPICS] }))).toEqual(
      new Set([TOPICS, GRANTS]),
    );
  });
});
