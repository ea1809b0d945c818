/** The commands of the embedded model test, driven against the real core with a few seeds. */
import { describe, expect } from '@jest/globals';
import fc from 'fast-check';
import { API_VERSION } from '../../crossplane/definition/api.ts';
import type { Fault } from '../../crossplane/embedded/faults.ts';
import { resourceId } from '../../crossplane/reference/identity.ts';
import type { KubernetesObject } from '../../imports/base.ts';
import { command } from '../support/commands.ts';
import type { Command } from '../support/model.ts';
import { isTrue } from './harness/client.ts';
import { endToEnd, type Stage } from './harness/suite.ts';
import { until } from './harness/until.ts';
import { accountsOf, converged, parentIn, spineWorldOf, familyCrds } from './spine-world.ts';

const { releases, families } = spineWorldOf('model');
const suite = endToEnd({
  crds: familyCrds(),
  functions: { [families[1].name]: families[1].composer, [families[2].name]: families[2].composer },
  objects: [...families[1].objects, ...families[2].objects],
  aws: accountsOf(),
});

/** Each a sequence of commands; the same in every run. */
const SEEDS = [1, 7, 42];
/** Milliseconds between commands: some land in the middle of what the one before has started. */
const PAUSE = 150;

interface State {
  values: Record<string, string>;
  allowed: Set<string>;
  everAllowed: Set<string>;
  faults: Fault[];
  release: 1 | 2;
}

function parentOf(
  namespace: string,
  name: string,
  release: 1 | 2,
  { values, allowed }: Pick<State, 'values' | 'allowed'> = { values: { topics: 'a b' }, allowed: new Set() },
): KubernetesObject {
  const allowRemoval = [...allowed].map((table) => `${name}/Table/${name}-left-table-${table}`);
  return parentIn(namespace, name, releases[release], { values, allowRemoval });
}

describe('the laws under the real core, whatever happens', () => {
  for (const seed of SEEDS) {
    suite.test(`seed ${seed}`, async (stage) => {
      const { plane, provider, namespace } = stage;
      const name = `seed${seed}`;
      const state: State = {
        values: { topics: 'a b', tables: 'x', body: 'one', text: 'p' },
        allowed: new Set(),
        everAllowed: new Set(),
        faults: [],
        release: 1,
      };
      const commands = fc.sample(fc.array(command, { minLength: 8, maxLength: 14 }), { numRuns: 1, seed })[0] ?? [];
      await plane.client.apply(parentOf(namespace, name, 1, state));
      for (const one of commands) await run(one, name, state, stage);

      provider.inject([]);
      const parent = await plane.client.apply(parentOf(namespace, name, state.release, state));
      const wanted = names(converged(parentOf(namespace, name, state.release, state), families[state.release]));
      await until(`${name} is at rest`, 90_000, async () => {
        const { ready, left } = await rest(parent, stage);
        return ready && JSON.stringify(left) === JSON.stringify(wanted) ? true : undefined;
      }).catch(async (error: unknown) => {
        const { ready, left } = await rest(parent, stage);
        throw new Error(`ready ${ready}, wanted ${wanted.join(' ')}, got ${left.join(' ')}`, { cause: error });
      });

      const lost = provider.calls.filter(
        (call) =>
          call.namespace === namespace &&
          call.action === 'deleted' &&
          /^(Key|Table)\./.test(call.resource) &&
          ![...state.everAllowed].some((table) => call.resource.endsWith(`-table-${table}`)),
      );
      expect(lost).toEqual([]);
    });
  }
});

async function run(one: Command, name: string, state: State, stage: Stage): Promise<void> {
  const { plane, provider, namespace } = stage;
  if (one.do === 'edit') state.values[one.key] = one.value;
  if (one.do === 'allow' && one.allowed) {
    state.allowed.add(one.table);
    state.everAllowed.add(one.table);
  }
  if (one.do === 'allow' && !one.allowed) state.allowed.delete(one.table);
  if (one.do === 'heal') state.faults = [];
  if (one.do === 'release') state.release = one.release;
  const target = 'target' in one ? await managedAt(one.target, stage) : undefined;
  if (target !== undefined && one.do === 'fault') {
    const resource = resourceId(target, target.metadata.name);
    state.faults.push(one.kind === 'drop' ? { kind: 'drop', resource, field: 'arn' } : { kind: one.kind, resource });
  }
  // A deployment that its stage points at stays: `test/support/model.ts` says why.
  if (target !== undefined && one.do === 'delete' && target.kind !== 'Deployment') await plane.client.delete(target);
  if (target !== undefined && one.do === 'foreign') {
    const spec = { managementPolicies: ['Observe', 'Create', 'Update'] };
    const { apiVersion, kind, metadata } = target;
    await plane.client.apply({ apiVersion, kind, metadata: { name: metadata.name, namespace }, spec }, 'somebody');
  }
  provider.inject(state.faults);
  await plane.client.apply(parentOf(namespace, name, state.release, state));
  // What lies between two commands is chance on purpose: the laws hold whenever a command comes.
  await new Promise((resolve) => setTimeout(resolve, one.do === 'pass' ? PAUSE * one.times : PAUSE));
}

/** Whether all is Ready but what law 4 keeps, and the names of everything else. */
async function rest(parent: KubernetesObject, stage: Stage): Promise<{ ready: boolean; left: readonly string[] }> {
  const { plane, namespace } = stage;
  const composites = await Promise.all(
    ['Parent', 'Left', 'Right'].map((kind) => plane.client.list({ apiVersion: API_VERSION, kind }, { namespace })),
  );
  const held = composites
    .flat()
    .flatMap(({ status }) => (status?.['held'] ?? []) as { resource: string; reason: string }[]);
  const kept = new Set(held.filter(({ reason }) => reason === 'not-declared').map(({ resource }) => resource));
  const managed = await managedIn(stage);
  const left = [...composites.flat(), ...managed].filter(
    (object) => !kept.has(resourceId(object, object.metadata.name)),
  );
  const current = (await plane.client.get(parent)) ?? parent;
  // With data that is kept, the composite says so and is not Ready; everything else must be.
  const ready =
    kept.size > 0
      ? held.every(({ reason }) => reason === 'not-declared')
      : isTrue(current, 'Ready') && isTrue(current, 'Converged');
  return { ready, left: names(left) };
}

async function managedAt(target: number, stage: Stage): Promise<KubernetesObject | undefined> {
  const managed = await managedIn(stage);
  return managed[target % Math.max(managed.length, 1)];
}

async function managedIn({ plane, provider, namespace }: Stage): Promise<readonly KubernetesObject[]> {
  const lists = await Promise.all(provider.kinds.map((kind) => plane.client.list(kind, { namespace })));
  return lists.flat().sort((one, other) => (one.metadata.name < other.metadata.name ? -1 : 1));
}

/** Names of objects; of generations only what they are generations of. */
function names(objects: readonly KubernetesObject[]): readonly string[] {
  return objects.map(({ kind, metadata }) => `${kind}/${metadata.name.replace(/-[0-9a-f]{8}$/, '')}`).sort();
}
