import { describe, expect, it } from '@jest/globals';
import { Chart } from 'cdk8s';
import { groupOf, resourceId } from '../../crossplane/reference/identity.ts';
import {
  handedOver,
  handOver,
  holdsData,
  HOLDS_DATA_LABEL,
  moved,
  movedFrom,
  UNPROTECT_ANNOTATION,
} from '../../crossplane/reference/marks.ts';
import { sample } from './sample.ts';

describe('marks', () => {
  it('holdsData() says so on the object, for later releases too', () => {
    const resource = sample();
    expect(holdsData(resource, { deletionProtectionEnabled: false })).toBe(resource);
    expect(resource.toJson().metadata).toMatchObject({
      labels: { [HOLDS_DATA_LABEL]: 'true' },
      annotations: { [UNPROTECT_ANNOTATION]: '{"deletionProtectionEnabled":false}' },
    });
  });

  it('holdsData() without protection fields leaves no annotation', () => {
    expect(holdsData(sample()).toJson().metadata.annotations).toBeUndefined();
  });

  it('moved() is read back and does not show on the object', () => {
    const resource = sample();
    const before = JSON.stringify(resource.toJson());
    expect(movedFrom(resource)).toBeUndefined();
    expect(moved(resource, { name: 'old', composite: 'Storage/x' })).toBe(resource);
    expect(movedFrom(resource)).toEqual({ name: 'old', composite: 'Storage/x' });
    expect(JSON.stringify(resource.toJson())).toBe(before);
  });

  it('handOver() names objects by identity', () => {
    const chart = Chart.of(sample());
    handOver(chart, { apiVersion: 'example.org/v1', kind: 'Sample' }, 'a');
    handOver(chart, { apiVersion: 'v1', kind: 'Secret' }, 'b');
    expect([...handedOver(chart)]).toEqual(['Sample.example.org/a', 'Secret./b']);
  });
});

describe('identity', () => {
  it('is kind, group and name; the version does not count', () => {
    expect(resourceId({ apiVersion: 'g.io/v1', kind: 'K' }, 'n')).toBe(
      resourceId({ apiVersion: 'g.io/v2', kind: 'K' }, 'n'),
    );
    expect(groupOf('v1')).toBe('');
    expect(groupOf('g.io/v1')).toBe('g.io');
  });
});
