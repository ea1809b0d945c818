import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { differences } from '../../crossplane/compose/differences.ts';
import type { JsonObject } from '../../imports/base.ts';

const json = fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), fc.jsonValue({ maxDepth: 3 }), {
  maxKeys: 6,
}) as fc.Arbitrary<JsonObject>;

describe('the differences between what is wanted and what AWS has', () => {
  it('are none where it is the same, or AWS has more fields', () => {
    fc.assert(
      fc.property(json, json, (wanted, more) => {
        expect(differences(wanted, wanted)).toEqual([]);
        expect(differences(wanted, { ...more, ...wanted })).toEqual([]);
      }),
    );
  });

  it('are none where a list comes in another order', () => {
    const entries = fc.uniqueArray(fc.record({ name: fc.stringMatching(/^[a-z]{1,5}$/), size: fc.integer() }), {
      selector: ({ name }) => name,
    });
    const shuffled = entries.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    );
    fc.assert(
      fc.property(shuffled, fc.uniqueArray(fc.integer()), ([list, other], numbers) => {
        expect(differences({ list, numbers }, { list: other, numbers: numbers.toReversed() })).toEqual([]);
      }),
    );
  });

  it('are each field that has another value, or none', () => {
    const wanted = {
      ttl: { enabled: true, attributeName: 'ttl' },
      billingMode: 'PAY_PER_REQUEST',
      tableClass: 'STANDARD',
    };
    expect(
      differences(wanted, { ttl: { enabled: true, attributeName: 'expires' }, billingMode: 'PAY_PER_REQUEST' }),
    ).toEqual([
      { path: 'ttl.attributeName', change: 'set', wanted: 'ttl', seen: 'expires' },
      { path: 'tableClass', change: 'added', wanted: 'STANDARD', seen: null },
    ]);
  });

  it('are each entry of a list by its name', () => {
    const wanted = { globalSecondaryIndex: [{ name: 'GSI1', rangeKey: 'GSI1SK' }, { name: 'GSI2' }] };
    const seen = { globalSecondaryIndex: [{ name: 'byDate' }, { name: 'GSI1', rangeKey: 'other', readCapacity: 0 }] };
    expect(differences(wanted, seen).map(({ path, change }) => `${path} ${change}`)).toEqual([
      'globalSecondaryIndex[GSI1].rangeKey set',
      'globalSecondaryIndex[GSI2] added',
      'globalSecondaryIndex[byDate] removed',
    ]);
  });

  it('are the entries of a list that is not mentioned only where nothing of it is wanted then', () => {
    const seen = { replica: [{ regionName: 'eu-west-1', arn: 'a' }] };
    expect(differences({}, seen)).toEqual([]);
    expect(differences({}, seen, ['replica'])).toEqual([
      { path: 'replica[eu-west-1]', change: 'removed', wanted: null, seen: seen.replica[0] },
    ]);
  });

  it('are tags that go, but not those of the provider', () => {
    expect(differences({ tags: { a: '1' } }, { tags: { a: '1', team: 'forum', 'crossplane-name': 'x' } })).toEqual([
      { path: 'tags.team', change: 'removed', wanted: null, seen: 'forum' },
    ]);
  });

  it('are not how AWS writes a policy', () => {
    const policy = '{"Version":"2012-10-17","Statement":[]}';
    expect(differences({ policy }, { policy: '{ "Statement": [], "Version": "2012-10-17" }' })).toEqual([]);
    expect(differences({ policy }, { policy: '{"Version":"2008-10-17","Statement":[]}' })).toHaveLength(1);
  });
});
