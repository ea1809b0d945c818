/**
 * The embedded control plane stands or falls with its server-side apply. Here the same applies go to its API server and to
 * the real API server, and what comes out must be the same: the object, who owns which field, and what is refused.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { lastApplied } from '../../crossplane/compose/hold.ts';
import { keyOf, EmbeddedApiServer } from '../../crossplane/embedded/api-server.ts';
import type { JsonObject, KubernetesObject } from '../../imports/base.ts';
import {
  contentOf,
  objectOf,
  ownershipOf,
  SEQUENCE_CRDS,
  sequence,
  type Apply,
  type Sequence,
} from '../embedded/applies.ts';
import { DIFFERENCES } from '../embedded/differences.ts';
import { schemasOf } from '../support/world.ts';
import { ApiError } from './harness/client.ts';
import { startControlPlane, type ControlPlane } from './harness/control-plane.ts';

const NAMESPACE = 'api-server-contract';
const schemas = schemasOf([]);

let plane: ControlPlane;
let made = 0;

beforeAll(async () => {
  // Without a provider: nobody but the sequences writes to these objects.
  plane = await startControlPlane({ crds: SEQUENCE_CRDS, objects: [] });
  await plane.client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } });
});

afterAll(async () => {
  await plane.stop({ keepFolder: false });
});

/** What an apply led to. */
type Outcome =
  'refused' | { readonly content: JsonObject; readonly owners: JsonObject; readonly generation: number | undefined };

function outcomeOf(object: KubernetesObject): Outcome {
  return { content: contentOf(object), owners: ownershipOf(object), generation: object.metadata.generation };
}

/** The object after the apply; undefined when the API server refuses it. */
async function applyReal(object: KubernetesObject, manager: string): Promise<KubernetesObject | undefined> {
  try {
    return await plane.client.apply(object, manager);
  } catch (error) {
    // 500 is the API server's answer to a value of the wrong type in a typed patch.
    if (error instanceof ApiError && [400, 422, 500].includes(error.status)) return undefined;
    throw error;
  }
}

function applyEmbedded(
  apiServer: EmbeddedApiServer,
  object: KubernetesObject,
  manager: string,
): KubernetesObject | undefined {
  return 'violations' in apiServer.apply(object, manager) ? undefined : apiServer.get(keyOf(object));
}

function nextObject(one: Sequence): (apply: Apply) => KubernetesObject {
  const name = `object-${made++}`;
  return (apply) => objectOf(one, apply, { name, namespace: NAMESPACE });
}

describe('server-side apply, embedded and real', () => {
  test('lead to the same object, the same owners and the same refusals', async () => {
    let refusals = 0;
    await fc.assert(
      fc.asyncProperty(sequence, async (one) => {
        const apiServer = new EmbeddedApiServer(schemas);
        const toObject = nextObject(one);
        for (const apply of one.applies) {
          const object = toObject(apply);
          const real = await applyReal(object, apply.manager);
          const embedded = applyEmbedded(apiServer, object, apply.manager);
          refusals += real === undefined ? 1 : 0;

          expect(embedded === undefined ? 'refused' : outcomeOf(embedded)).toEqual(
            real === undefined ? 'refused' : outcomeOf(real),
          );
          // Law 3 on real objects: what we read back is what we applied.
          if (real !== undefined) expect(lastApplied(real, apply.manager)).toEqual(object);
        }
      }),
      {
        numRuns: Number(process.env['OWLNEST_CONTRACT_RUNS'] ?? 40),
        seed: Number(process.env['OWLNEST_CONTRACT_SEED'] ?? 7),
      },
    );

    expect(refusals).toBeGreaterThan(0);
  });

  test.each(DIFFERENCES)('the API server: $what', async ({ sequence: one, forProvider }) => {
    const toObject = nextObject(one);
    const seen: (KubernetesObject | undefined)[] = [];
    for (const apply of one.applies) seen.push(await applyReal(toObject(apply), apply.manager));

    expect(seen.slice(0, -1)).not.toContain(undefined);
    expect(seen.at(-1)?.spec?.['forProvider']).toEqual(forProvider);
  });
});
