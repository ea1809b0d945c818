/** What goes with the layer, in which order, and what stays. */
import { describe, expect, it } from '@jest/globals';
import { keyOf } from '../../../crossplane/embedded/api-server.ts';
import type { LayerWorld } from '../../support/layer.ts';
import type { identity} from './rendered.ts';
import { EVERYTHING, identityWith } from './rendered.ts';

const KINDS = [
  'UserPool',
  'UserGroup',
  'UserPoolClient',
  'ResourceServer',
  'UserPoolDomain',
  'Pool',
  'PoolRolesAttachment',
  'Role',
  'RiskConfiguration',
];

type World = LayerWorld<typeof identity.section>;

function left(world: World): readonly string[] {
  return KINDS.filter((kind) => world.inAws(kind).length > 0);
}

/** Deletes the layer itself, and waits for what comes of it. */
function removed(world: World): readonly string[] {
  const [layer] = world.all('Identity');
  if (layer === undefined) throw new Error('There is no layer.');
  world.plane.remove(keyOf(layer));
  world.plane.converge();
  return left(world);
}

describe('the layer, deleted', () => {
  it('goes whole where nothing is protected: the domain before the pool, which AWS keeps until then (trap 3)', () => {
    const world = identityWith(EVERYTHING, { environment: 'dev', tier: 'development', protectData: false });
    expect(left(world)).toEqual(KINDS);
    expect(removed(world)).toEqual([]);
  });

  it('leaves all that users would miss where the environment protects it', () => {
    const world = identityWith(EVERYTHING);
    const kept = removed(world);
    for (const kind of ['UserPool', 'UserGroup', 'UserPoolClient', 'Pool', 'RiskConfiguration'])
      expect(kept).toContain(kind);
    expect(world.inAws('UserPool')).toMatchObject([{ forProvider: { deletionProtection: 'ACTIVE' } }]);
  });
});
