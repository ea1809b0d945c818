/** Plans are kept from pass to pass, and nobody can tell by the answers. */
import { describe, expect, it } from '@jest/globals';
import { KeptPlans } from '../../crossplane/compose/plans.ts';
import type { KubernetesObject } from '../../imports/base.ts';
import { family } from '../support/family.ts';
import { compositeObject, worldOf } from '../support/world.ts';

const composite = (name: string, more: Partial<KubernetesObject> = {}): KubernetesObject => ({
  apiVersion: 'owlnest.io/v1alpha1',
  kind: 'Test',
  metadata: { name, namespace: 'test' },
  ...more,
});

/** Stands for what a chart has declared: so many resources. */
interface Built {
  readonly resources: number;
}
const builtOf = (resources: number): Built => ({ resources });
const kept = (most?: number) => new KeptPlans<Built>(({ resources }) => resources, most);

describe('a plan', () => {
  it('is built once for a spec, whatever the status and the versions of the object', () => {
    const plans = kept();
    let built = 0;
    const build = () => builtOf((built += 1));
    const metadata = { name: 'a', namespace: 'test', resourceVersion: '7', generation: 2 };
    const first = plans.get(composite('a', { spec: { size: 1 } }), build);
    expect(plans.get(composite('a', { metadata, spec: { size: 1 }, status: { ready: true } }), build)).toBe(first);
    expect(built).toBe(1);
    const turned = composite('b', { spec: { one: 1, two: { three: 3, four: 4 } } });
    const same = composite('b', { spec: { two: { four: 4, three: 3 }, one: 1 } });
    expect(plans.get(turned, build)).toBe(plans.get(same, build));
  });

  it.each<[string, KubernetesObject]>([
    ['spec', composite('a', { spec: { size: 2 } })],
    ['name', composite('b', { spec: { size: 1 } })],
    ['namespace', composite('a', { metadata: { name: 'a', namespace: 'other' }, spec: { size: 1 } })],
    ['kind', composite('a', { kind: 'Other', spec: { size: 1 } })],
    [
      'annotations',
      composite('a', { metadata: { name: 'a', namespace: 'test', annotations: { a: 'b' } }, spec: { size: 1 } }),
    ],
  ])('is built anew for another %s', (_, other) => {
    const plans = kept();
    const first = plans.get(composite('a', { spec: { size: 1 } }), () => builtOf(1));
    expect(plans.get(other, () => builtOf(1))).not.toBe(first);
  });

  it('goes when there are too many resources, the one that nobody has asked for longest first', () => {
    const plans = kept(10);
    const again = new Set<string>();
    const ask = (name: string, resources: number) =>
      plans.get(composite(name), () => {
        again.add(name);
        return builtOf(resources);
      });
    ask('a', 3);
    ask('b', 3);
    ask('a', 3);
    ask('c', 3);
    again.clear();
    ask('a', 3);
    ask('c', 3);
    expect([...again]).toEqual([]);
    ask('b', 3);
    expect([...again]).toEqual(['b']);
    // One that is too large by itself is not kept beside others, and is answered.
    expect(ask('large', 100)).toBeDefined();
  });
});

it('two series of passes, one with a fresh composer for each, end in the same bytes', () => {
  const object = compositeObject(family(1)[0], { values: { tables: 'x y', topics: 'a' } });
  const [kept, fresh] = [worldOf(family(1)), worldOf(family(1))];
  for (const world of [kept, fresh]) {
    world.plane.apply(object);
    world.plane.converge();
  }
  const [parent] = kept.plane.apiServer.list().filter(({ kind }) => kind === object.kind);
  if (parent === undefined) throw new Error('no parent');
  const resources = new Map<never, never>();
  const answers = [kept.composer, kept.composer, worldOf(family(1)).composer].map((composer) =>
    JSON.stringify(composer.compose({ composite: parent, resources, activated: undefined }), (_, value: unknown) =>
      value instanceof Map ? [...value] : value,
    ),
  );
  expect(new Set(answers).size).toBe(1);
});
