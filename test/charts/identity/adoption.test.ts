/** Users that are there already: from another hand, or from a cluster that is lost. */
import { describe, expect, it } from '@jest/globals';
import type { Context } from '../../../crossplane/definition/context.ts';
import type { AwsResource } from '../../../crossplane/embedded/aws.ts';
import { asObject } from '../../../crossplane/schema/json.ts';
import type { KubernetesObject } from '../../../imports/base.ts';
import { HERE, LayerWorld } from '../../support/layer.ts';
import { EVERYTHING, identity, identityWith, type Section } from './rendered.ts';

const POOL = 'UserPool.cognitoidp.aws.m.upbound.io/production-identity-users-pool';
const CLIENT = 'UserPoolClient.cognitoidp.aws.m.upbound.io/production-identity-web-client';

/** What another hand, or an earlier cluster, has made in AWS. */
function existing(kind: string, externalName: string, forProvider: AwsResource['forProvider']): KubernetesObject {
  const service = kind === 'Pool' || kind === 'PoolRolesAttachment' ? 'cognitoidentity' : 'cognitoidp';
  return {
    apiVersion: `${kind === 'Role' ? 'iam' : service}.aws.m.upbound.io/v1beta1`,
    kind,
    metadata: { name: externalName, annotations: { 'crossplane.io/external-name': externalName } },
    spec: { forProvider: { ...forProvider } },
  };
}

const oldPool = existing('UserPool', `${HERE}_old`, {
  region: HERE,
  name: 'forum',
  usernameAttributes: ['email'],
  mfaConfiguration: 'OFF',
});

type Mode = 'adopt' | 'owned';
const recorded = (...names: readonly (readonly [id: string, name: string, mode: Mode])[]): Partial<Context> => ({
  identities: Object.fromEntries(names.map(([id, externalName, mode]) => [id, { externalName, mode }])),
});

describe.each<[string, Section]>([
  ['as it is by default', {}],
  ['with everything switched on', EVERYTHING],
])('a rebuilt cluster, %s', (_, section) => {
  it('adopts pools, clients and groups by what was recorded, and creates nothing', () => {
    const first = identityWith(section);
    const identities = asObject(asObject(first.all('Identity')[0]?.status)['identities']);
    const kinds = [...new Set(first.created)];
    const there = kinds.flatMap((kind) =>
      first.inAws(kind).map(({ externalName, forProvider }) => existing(kind, externalName, forProvider)),
    );
    const second = new LayerWorld(identity, there);
    const all = Object.entries(identities).map(([id, name]) => [id, String(name), 'owned'] as const);
    // What AWS makes up; the names of all else follow from these.
    expect(all.map(([id]) => id.split('.')[0]).sort()).toEqual(['Pool', 'UserPool', 'UserPoolClient']);
    expect(second.apply(section, recorded(...all))).toEqual([]);
    expect(second.created).toEqual([]);
    for (const kind of kinds) {
      expect([kind, names(second.inAws(kind))]).toEqual([kind, names(first.inAws(kind))]);
    }
    expect(asObject(second.all('Identity')[0]?.status)['outputs']).toEqual(
      asObject(first.all('Identity')[0]?.status)['outputs'],
    );
  });

  it('without a record of the pool makes another one: the record is what keeps the users', () => {
    const first = identityWith(section);
    const there = first.inAws('UserPool').map((pool) => existing('UserPool', pool.externalName, pool.forProvider));
    const second = new LayerWorld(identity, there);
    expect(second.apply(section)).toEqual([]);
    expect(second.inAws('UserPool')).toHaveLength(2);
  });
});

describe('a user pool that another hand has made', () => {
  it('is looked at first, without anything of ours in it', () => {
    const world = new LayerWorld(identity, [oldPool]);
    world.apply({}, recorded([POOL, `${HERE}_old`, 'adopt']));
    expect(world.inAws('UserPool')).toMatchObject([{ forProvider: oldPool.spec?.['forProvider'] }]);
    for (const kind of ['UserGroup', 'UserPoolClient', 'ResourceServer', 'UserPoolDomain']) {
      expect([kind, world.inAws(kind)]).toEqual([kind, []]);
    }
  });

  it('is taken over by the next commit, with its users: groups and a client come, protection too', () => {
    const world = new LayerWorld(identity, [oldPool]);
    world.apply({}, recorded([POOL, `${HERE}_old`, 'adopt']));
    expect(world.apply({}, recorded([POOL, `${HERE}_old`, 'owned']))).toEqual([]);
    expect(world.inAws('UserPool')).toMatchObject([
      { externalName: `${HERE}_old`, forProvider: { deletionProtection: 'ACTIVE', mfaConfiguration: 'OPTIONAL' } },
    ]);
    for (const { forProvider } of [...world.inAws('UserGroup'), ...world.inAws('UserPoolClient')]) {
      expect(forProvider['userPoolId']).toBe(`${HERE}_old`);
    }
  });

  it('can bring its client, so that pages in browsers go on', () => {
    const id = 'abcdefghijklmnopqrstuvwxyz';
    const oldClient = existing('UserPoolClient', id, { region: HERE, userPoolId: `${HERE}_old`, name: 'forum' });
    const world = new LayerWorld(identity, [oldPool, oldClient]);
    const owned = recorded([POOL, `${HERE}_old`, 'owned'], [CLIENT, id, 'owned']);
    expect(world.apply({}, owned)).toEqual([]);
    expect(world.inAws('UserPoolClient')).toMatchObject([
      { externalName: id, forProvider: { preventUserExistenceErrors: 'ENABLED' } },
    ]);
  });

  it('that calls functions of its own is not taken over before allowRemoval names each', () => {
    const theirs = `arn:aws:lambda:${HERE}:123456789012:function:forum`;
    const lambdaConfig = { preSignUp: `${theirs}-sign-up`, postConfirmation: `${theirs}-confirmed` };
    const calling = { ...oldPool, spec: { forProvider: { ...asObject(oldPool.spec?.['forProvider']), lambdaConfig } } };
    const world = new LayerWorld(identity, [calling]);
    const owned = recorded([POOL, `${HERE}_old`, 'owned']);
    const findings = world.apply({}, owned).filter(({ rule }) => rule === 'held-would-remove');
    const entries = ['preSignUp', 'postConfirmation'].map(
      (one) => `identity/UserPool/production-identity-users-pool.${one}`,
    );
    expect(findings).toHaveLength(1);
    for (const entry of entries) expect(findings[0]?.message).toContain(`let allowRemoval name ${entry}`);
    expect(world.inAws('UserPool')[0]?.forProvider).toEqual(calling.spec.forProvider);
    expect(world.apply({}, { ...owned, allowRemoval: entries })).toEqual([]);
    expect(world.inAws('UserPool')[0]?.forProvider['lambdaConfig']).toEqual({
      postConfirmation: expect.stringContaining(':owlnest-post-confirmation-production:live'),
    });
  });

  it('whose users sign in by a name of their own is refused, not replaced (trap 2)', () => {
    const byName = {
      ...oldPool,
      spec: { forProvider: { region: HERE, name: 'forum', usernameAttributes: ['phone_number'] } },
    };
    const world = new LayerWorld(identity, [byName]);
    const findings = world.apply({}, recorded([POOL, `${HERE}_old`, 'owned']));
    expect(findings.map(({ message }) => message).join('\n')).toContain('username_attributes');
    expect(world.inAws('UserPool')).toMatchObject([
      { externalName: `${HERE}_old`, forProvider: byName.spec.forProvider },
    ]);
  });
});

describe('an identity pool that another hand has made', () => {
  it('is taken over with the identities that it has given, though its name cannot change', () => {
    const name = `${HERE}:00000000-0000-4000-8000-000000000000`;
    const id = 'Pool.cognitoidentity.aws.m.upbound.io/production-identity-identities-pool';
    const same = existing('Pool', name, {
      region: HERE,
      identityPoolName: 'owlnest-users-production',
      allowUnauthenticatedIdentities: true,
    });
    const world = new LayerWorld(identity, [same]);
    expect(world.apply({}, recorded([id, name, 'owned']))).toEqual([]);
    expect(world.inAws('Pool')).toMatchObject([
      { externalName: name, forProvider: { allowUnauthenticatedIdentities: false } },
    ]);
    const other = existing('Pool', name, { region: HERE, identityPoolName: 'forum' });
    const refused = new LayerWorld(identity, [other]);
    const findings = refused.apply({}, recorded([id, name, 'owned']));
    expect(findings.map(({ message }) => message).join('\n')).toContain('identity_pool_name');
    expect(refused.inAws('Pool')).toHaveLength(1);
  });
});

function names(resources: readonly AwsResource[]): readonly string[] {
  return resources.map(({ externalName }) => externalName).sort();
}
