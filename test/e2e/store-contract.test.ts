/**
 * The embedded control plane stands or falls with its server-side apply. Here the same applies go to its store and to
 * the real API server, and what comes out must be the same: the object, who owns which field, and what is refused.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { keyOf, ObjectStore } from '../../crossplane/embedded/store.ts';
import type { KubernetesObject } from '../../imports/base.ts';
import {
  contentOf,
  objectOf,
  ownershipOf,
  SEQUENCE_CRDS,
  sequence,
  type Apply,
  type Sequence,
} from '../embedded/applies.ts';
import { schemasOf } from '../support/world.ts';
import { ApiError } from './harness/client.ts';
import { startControlPlane, type ControlPlane } from './harness/control-plane.ts';

const NAMESPACE = 'store-contract';
const schemas = schemasOf([]);

let plane: ControlPlane;

beforeAll(async () => {
  // Without a provider: nobody but the sequences writes to these objects.
  plane = await startControlPlane({ crds: SEQUENCE_CRDS, functions: {}, objects: [] });
  await plane.client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } });
});

afterAll(async () => {
  await plane.stop({ keepFolder: false });
});

/** What an apply led to; `refused` for an apply that the API does not take. */
type Outcome =
  | { readonly refused: true }
  | { readonly content: unknown; readonly ownership: unknown; readonly generation: number | undefined };

function outcomeOf(object: KubernetesObject): Outcome {
  return { content: contentOf(object), ownership: ownershipOf(object), generation: object.metadata.generation };
}

async function real(object: KubernetesObject, { manager }: Apply): Promise<Outcome> {
  try {
    return outcomeOf(await plane.client.apply(object, manager));
  } catch (error) {
    if (error instanceof ApiError && (error.status === 422 || error.status === 400)) { (globalThis as any).last = error.message; return { refused: true }; }
    throw error;
  }
}

function embedded(store: ObjectStore, object: KubernetesObject, { manager }: Apply): Outcome {
  const applied = store.apply(object, manager);
  if ('violations' in applied) return { refused: true };
  return outcomeOf(store.get(keyOf(object)) ?? applied.object);
}

/** The first step at which the two differ. */
async function differenceIn(one: Sequence, name: string): Promise<unknown> {
  const store = new ObjectStore(schemas);
  for (const [step, apply] of one.applies.entries()) {
    const object = objectOf(one, apply, { name, namespace: NAMESPACE });
    const [inProcess, onServer] = [embedded(store, object, apply), await real(object, apply)];
    if (norm(inProcess) !== norm(onServer)) {
      return { kind: one.kind, applies: one.applies.slice(0, step + 1), embedded: inProcess, real: onServer, message: (globalThis as any).last };
    }
  }
  return undefined;
}

describe('server-side apply, embedded and real', () => {
  test('lead to the same object, the same owners and the same refusals', async () => {
    const runs = Number(process.env['OWLNEST_CONTRACT_RUNS'] ?? 40);
    const sequences = fc.sample(sequence, { numRuns: runs, seed: Number(process.env['OWLNEST_CONTRACT_SEED'] ?? 7) });
    const differences: unknown[] = [];
    for (const [index, one] of sequences.entries()) {
      const difference = await differenceIn(one, `object-${index}`);
      if (difference !== undefined) differences.push(difference);
    }

    (await import('node:fs')).writeFileSync('/tmp/contract-diffs.json', JSON.stringify(differences));
    expect(differences.length).toEqual(0);
  });
});

function norm(o: Outcome): string {
  return JSON.stringify(o, (k, v: unknown) =>
    Array.isArray(v) && ['operations', 'grantCreationTokens', 'nonKeyAttributes'].includes(k)
      ? [...(v as string[])].sort()
      : Array.isArray(v)
        ? v.filter((x) => x !== ' f:metadata')
        : v,
  );
}
