/** What the provider's conditions say, and what they leave open. */
import { describe, expect, it } from '@jest/globals';
import { isInAws, isSynced, unreadyManaged } from '../../crossplane/compose/conditions.ts';
import type { JsonObject, KubernetesObject } from '../../imports/base.ts';

/** A table of generation 3; `generation` is the one of its condition Synced. */
function table(generation?: number, atProvider: JsonObject = { id: 'forum' }): KubernetesObject {
  const observed = generation === undefined ? {} : { observedGeneration: generation };
  return {
    apiVersion: 'dynamodb.aws.m.upbound.io/v1beta1',
    kind: 'Table',
    metadata: { name: 'forum', generation: 3 },
    status: {
      atProvider,
      conditions: [
        { type: 'Ready', status: 'True', reason: 'Available' },
        { type: 'Synced', status: 'True', reason: 'ReconcileSuccess', ...observed },
      ],
    },
  };
}

describe('a condition without a generation, as the callback of an asynchronous operation writes it', () => {
  it('is not known, and not old: it does not keep a resource from being ready for ever', () => {
    expect(unreadyManaged(table())).toBeUndefined();
    expect(isSynced(table())).toBe(true);
    expect(unreadyManaged(table(3))).toBeUndefined();
    expect(unreadyManaged(table(2))).toBe('Synced speaks of an older generation');
  });

  it('says of a protection that it is off only where AWS reports it so', () => {
    const off = { deletionProtectionEnabled: false };
    expect(isInAws(table(3), off)).toBe(true);
    expect(isInAws(table(2), off)).toBe(false);
    expect(isInAws(table(), off)).toBe(false);
    expect(isInAws(table(undefined, { id: 'forum', deletionProtectionEnabled: true }), off)).toBe(false);
    // Synced of the newest generation, and the update still under way.
    expect(isInAws(table(3, { id: 'forum', deletionProtectionEnabled: true }), off)).toBe(false);
    expect(isInAws(table(undefined, { id: 'forum', deletionProtectionEnabled: false }), off)).toBe(true);
  });
});

describe('Ready and Synced of what AWS has told nothing of', () => {
  it.each([{}, { id: '' }, { arn: 'arn:aws:dynamodb:::table/forum' }])('is not ready: %j', (atProvider) => {
    expect(unreadyManaged(table(3, atProvider))).toBe('AWS has not told its id');
  });
});
