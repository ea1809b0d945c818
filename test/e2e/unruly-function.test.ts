/** A function that behaves badly: nothing is lost or made twice, and all is Ready in bounded time. */
import { afterAll, describe, expect, jest } from '@jest/globals';
import type { KubernetesObject } from '../../imports/base.ts';
import { family } from '../support/family.ts';
import { condition } from './harness/client.ts';
import { isReady } from './harness/conditions.ts';
import { announceFunction } from './harness/functions.ts';
import { endToEndAlone, type Stage } from './harness/suite.ts';
import { startUnruly, type Manner, type UnrulyFunction } from './harness/unruly.ts';
import { until } from './harness/until.ts';
import { BABBLE, FAILURES, halfOnce, mood, warning } from './manners.ts';
import { accountsOf, packageOf, parentIn, spineWorldOf, familyCrds } from './spine-world.ts';
import { becomesReady, childOf, expectNothingLost, pause, uidsIn } from './family.ts';

const { releases, families } = spineWorldOf('unruly');
/** A release whose function answers as a test says. */
const unrulyRelease = { version: '3.0.0-unruly' };
const unrulyPackage = packageOf(family(1), unrulyRelease);

const suite = endToEndAlone({
  crds: familyCrds(),
  functions: {
    [families[1].name]: families[1].composer,
    // Core must know it before its Compositions; from the first test on it is called elsewhere.
    [unrulyPackage.name]: unrulyPackage.composer,
  },
  objects: [...families[1].objects, ...unrulyPackage.objects],
  aws: accountsOf(),
});

/** Core gives a whole reconcile, and with it a call, two minutes (`timeout` of its composite reconciler, v2.4.0). */
const CORES_PATIENCE = 120_000;
jest.setTimeout(CORES_PATIENCE + 60_000);

let unruly: UnrulyFunction | undefined;
afterAll(() => {
  unruly?.stop();
});

/** The function that a test may tell how to behave in the test's namespace. */
async function unrulyIn({ plane }: Stage): Promise<UnrulyFunction> {
  if (unruly === undefined) {
    unruly = await startUnruly(unrulyPackage.composer, plane.certificates('function'));
    await announceFunction(plane.client, unrulyPackage.name, unruly.port);
  }
  return unruly;
}

/** Core cannot compose it. */
const isUnsynced = (object: KubernetesObject): boolean => condition(object, 'Synced')?.status === 'False';

/** Core calls no more: a second goes by without a call. */
async function comesToRest(unruly: UnrulyFunction, namespace: string): Promise<void> {
  await until('core calls no more', 30_000, async () => {
    const before = unruly.turns(namespace);
    await pause(1000);
    return unruly.turns(namespace) === before || undefined;
  });
}

/** Begun by the first test and looked at by the last, since core is patient. */
describe('a function that does not answer', () => {
  suite.test('keeps no other composite waiting', async (stage) => {
    const { plane, namespace } = stage;
    const unruly = await unrulyIn(stage);
    const late: Manner = async ({ turn, good }) => {
      if (turn === 1) await pause(CORES_PATIENCE - 20_000);
      return good;
    };
    const never: Manner = ({ turn, good }) => (turn === 1 ? new Promise(() => undefined) : good);
    for (const [name, manner] of [
      ['late', late],
      ['never', never],
    ] as const) {
      await plane.client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
      unruly.behave(name, manner);
      await plane.client.apply(parentIn(name, name, unrulyRelease));
      await until(`core calls for ${name}`, 30_000, () => Promise.resolve(unruly.turns(name) > 0 || undefined));
    }
    const parent = await plane.client.apply(parentIn(namespace, 'beside', unrulyRelease));
    await becomesReady(stage, parent);
  });
});

describe('a function', () => {
  suite.test('that takes a second for each answer is waited for', async (stage) => {
    const { plane, namespace } = stage;
    (await unrulyIn(stage)).behave(namespace, async ({ good }) => {
      await pause(1000);
      return good;
    });
    const parent = await plane.client.apply(parentIn(namespace, 'slow', unrulyRelease));
    await becomesReady(stage, parent);
    expectNothingLost(stage);
  });

  suite.test('that fails in every second call, in all ways by turns, still makes everything once', async (stage) => {
    const { plane, namespace } = stage;
    const unruly = await unrulyIn(stage);
    unruly.behave(namespace, (call) => {
      const failure = call.turn % 2 === 0 ? FAILURES[(call.turn / 2) % FAILURES.length] : undefined;
      return failure?.(call) ?? call.good;
    });
    const parent = await plane.client.apply(parentIn(namespace, 'failing', unrulyRelease));
    await plane.client.waitFor(parent, 'is Ready although its function fails', isReady, 60_000);
    // Synced tells of each failure.
    unruly.behave(namespace);
    await becomesReady(stage, parent);
    expectNothingLost(stage);
  });

  for (const { what, says, manner } of BABBLE) {
    suite.test(`that answers with ${what} changes nothing until it is well again`, async (stage) => {
      const { plane, namespace } = stage;
      const unruly = await unrulyIn(stage);
      const parent = await plane.client.apply(parentIn(namespace, 'babbling', unrulyRelease));
      await becomesReady(stage, parent);
      const before = await uidsIn(stage);
      unruly.behave(namespace, manner);
      await plane.client.apply(parentIn(namespace, 'babbling', unrulyRelease, { values: { text: 'q' } }));
      const open = await plane.client.waitFor(parent, 'is not Synced', isUnsynced);
      expect(condition(open, 'Synced')?.message).toContain(says);
      await until('it was tried again', 30_000, () => Promise.resolve(unruly.turns(namespace) > 2 || undefined));
      expect(await uidsIn(stage)).toEqual(before);
      unruly.behave(namespace);
      await becomesReady(stage, parent);
      expect(await uidsIn(stage)).toEqual(before);
      expectNothingLost(stage);
    });
  }

  suite.test('that warns of something else in every call comes to rest all the same', async (stage) => {
    const { plane, namespace } = stage;
    const unruly = await unrulyIn(stage);
    unruly.behave(namespace, ({ good, turn }) => ({
      ...good,
      results: Array.from({ length: 30 }, (_, index) => warning(`${turn}.${index}`)),
    }));
    const parent = await plane.client.apply(parentIn(namespace, 'warning', unrulyRelease));
    await becomesReady(stage, parent);
    await comesToRest(unruly, namespace);
    expectNothingLost(stage);
  });

  suite.test(
    'that says something else of the composite in every call keeps core busy, and nothing more',
    async (stage) => {
      const { plane, namespace } = stage;
      const unruly = await unrulyIn(stage);
      // Each call changes the status, and each change of the status is a reason to call.
      unruly.behave(namespace, ({ good, turn }) => ({ ...good, conditions: [...good.conditions, mood(turn)] }));
      const parent = await plane.client.apply(parentIn(namespace, 'moody', unrulyRelease));
      await becomesReady(stage, parent);
      const turns = unruly.turns(namespace);
      await until('core is busy', 30_000, () => Promise.resolve(unruly.turns(namespace) > turns + 20 || undefined));
      unruly.behave(namespace, ({ good }) => good);
      await becomesReady(stage, parent);
      await comesToRest(unruly, namespace);
      expectNothingLost(stage);
    },
  );

  suite.test('that leaves out half of what it wants, once, loses no data', async (stage) => {
    const { plane, provider, namespace } = stage;
    const unruly = await unrulyIn(stage);
    const parent = await plane.client.apply(parentIn(namespace, 'half', unrulyRelease));
    await becomesReady(stage, parent);
    const before = await uidsIn(stage);
    // As it stands in git: without it AWS would be asked for a second key.
    const found = (await plane.client.get(childOf(parent, 'Left')))?.status?.['identities'] as Record<string, string>;
    const identities = Object.fromEntries(
      Object.entries(found).map(([id, externalName]) => [id, { externalName, mode: 'owned' }]),
    );
    await plane.client.apply(parentIn(namespace, 'half', unrulyRelease, { identities }));
    await becomesReady(stage, parent);

    unruly.behave(namespace, halfOnce());
    await plane.client.apply(parentIn(namespace, 'half', unrulyRelease, { identities, values: { text: 'q' } }));
    await until('something is gone or a new one', 30_000, async () => {
      const now = await uidsIn(stage);
      return Object.entries(before).some(([name, uid]) => now[name] !== uid) || undefined;
    });
    await becomesReady(stage, parent);
    const after = await uidsIn(stage);
    expect(Object.keys(after).map(base).sort()).toEqual(Object.keys(before).map(base).sort());
    const data = provider.calls.filter((one) => one.namespace === namespace && /^(Key|Table)\./.test(one.resource));
    expect(data.filter(({ action }) => action === 'deleted')).toEqual([]);
    expect(new Set(data.map(({ externalName }) => externalName)).size).toBe(2);
  });

  suite.test('of ours that answers more than core reads with a sentence that says what to do', async (stage) => {
    const { plane, namespace } = stage;
    const ours = plane.fn(families[1].name);
    const parent = await plane.client.apply(parentIn(namespace, 'large', releases[1]));
    await becomesReady(stage, parent);
    const before = await uidsIn(stage);
    const { composer } = families[1];
    ours.use({
      kinds: composer.kinds,
      compose: (request) => {
        const result = composer.compose(request);
        if (result.outcome !== 'composed') return result;
        const annotations = { padding: 'x'.repeat(4 * 1024 * 1024) };
        const padded = [...result.desired].map(([id, { object, ready }]) => {
          return [id, { object: { ...object, metadata: { ...object.metadata, annotations } }, ready }] as const;
        });
        return { ...result, desired: new Map(padded) };
      },
    });
    try {
      await plane.client.apply(parentIn(namespace, 'large', releases[1], { values: { text: 'q' } }));
      const open = await plane.client.waitFor(parent, 'is not Synced', isUnsynced);
      expect(condition(open, 'Synced')?.message).toContain(
        'The answer takes 8.0 MiB for 2 resources, and Crossplane reads 4 MiB: give a part of the resources to a child composite.',
      );
      expect(condition(open, 'Converged')).toMatchObject({ status: 'False', reason: 'Open' });
    } finally {
      ours.use(composer);
    }
    await becomesReady(stage, parent);
    expect(await uidsIn(stage)).toEqual(before);
    expectNothingLost(stage);
  });
});

describe('a function that did not answer', () => {
  /** Core's events for the composites of a namespace, as text. */
  const eventsIn = async ({ plane }: Stage, namespace: string): Promise<string> =>
    JSON.stringify(await plane.client.list({ apiVersion: 'v1', kind: 'Event' }, { namespace }));

  suite.test('for less time than core waits is heard at last', async (stage) => {
    const there = { ...stage, namespace: 'late' };
    await becomesReady(there, parentIn('late', 'late', unrulyRelease), CORES_PATIENCE);
    expect(await eventsIn(stage, 'late')).not.toContain('DeadlineExceeded');
    expectNothingLost(there);
  });

  suite.test('for longer is given up and called again', async (stage) => {
    const there = { ...stage, namespace: 'never' };
    await becomesReady(there, parentIn('never', 'never', unrulyRelease), CORES_PATIENCE);
    expect(await eventsIn(stage, 'never')).toContain('DeadlineExceeded');
    expectNothingLost(there);
  });
});

/** A generation's name without its hash. */
function base(name: string): string {
  return name.replace(/-[0-9a-f]{8}$/, '');
}
