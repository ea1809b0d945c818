/** Others at the function's door and at our objects: outsiders stay outside, and what is ours stays as declared. */
import { logVerbosity, setLogVerbosity } from '@grpc/grpc-js';
import { beforeAll, describe, expect } from '@jest/globals';
import type { JsonObject, KubernetesObject } from '../../imports/base.ts';
import { call, callerOf, newPeers } from '../server/network.ts';
import { requestOf } from '../server/sample.ts';
import { versionsAtRest } from './harness/objects.ts';
import { endToEnd } from './harness/suite.ts';
import { accountsOf, parentIn, spineWorldOf, familyCrds } from './spine-world.ts';
import { becomesReady, childOf, expectNothingLost, keyOf, pause } from './family.ts';

const { releases, families } = spineWorldOf('other-hands');
const suite = endToEnd({
  crds: familyCrds(),
  functions: { [families[1].name]: families[1].composer },
  objects: families[1].objects,
  aws: accountsOf(),
});

beforeAll(() => {
  // What is refused here on purpose would be logged.
  setLogVerbosity(logVerbosity.NONE);
});

describe('a peer', () => {
  suite.test('without a certificate of the cluster is refused, while core is answered', async (stage) => {
    const { plane, namespace } = stage;
    const address = plane.fn(families[1].name).address;
    const parent = parentIn(namespace, 'peers', releases[1]);
    const cluster = { server: plane.certificates('function'), client: plane.certificates('core') };
    const foreign = await newPeers('foreign');
    const request = requestOf(parent, []);
    await expect(call({ address }, request)).rejects.toThrow('UNAVAILABLE');
    await expect(call({ address }, request, callerOf(cluster, undefined))).rejects.toThrow('UNAVAILABLE');
    await expect(call({ address }, request, callerOf(cluster, foreign))).rejects.toThrow('UNAVAILABLE');
    // The same call with the certificate that core has.
    expect(
      Object.keys((await call({ address }, request, callerOf(cluster, cluster))).desired?.resources ?? {}),
    ).toEqual(['Left.owlnest.io/peers-left', 'Right.owlnest.io/peers-right']);
    await plane.client.apply(parent);
    await becomesReady(stage, parent);
  });
});

describe('another hand', () => {
  suite.test('that applies the composite again and again, as Argo CD does, changes nothing', async (stage) => {
    const { plane, namespace } = stage;
    const parent = parentIn(namespace, 'synced', releases[1]);
    await plane.client.apply(parent);
    const stop = again(() => plane.client.apply(parent, 'argocd-controller'));
    await becomesReady(stage, parent);
    // Seven syncs that write nothing.
    await versionsAtRest(stage);

    // What a person changes by hand is as in git again with the next sync.
    await plane.client.patch(parent, { spec: { values: { text: 'by hand' } } }, { manager: 'kubectl-edit' });
    const key = keyOf(parent);
    await plane.client.waitFor(parent, 'is as in git', ({ spec }) => JSON.stringify(spec).includes('"text":"p"'));
    await stop();
    await becomesReady(stage, parent);
    expect((await plane.client.get(key))?.spec?.['forProvider']).toMatchObject({ description: 'p' });
    expectNothingLost(stage);
  });

  suite.test('that fights over a field loses it, and what it adds is told as foreign', async (stage) => {
    const { plane, namespace } = stage;
    const parent = await plane.client.apply(parentIn(namespace, 'fought', releases[1]));
    await becomesReady(stage, parent);
    const { apiVersion, kind, metadata } = keyOf(parent);
    const key = { apiVersion, kind, metadata };
    const labels = { 'example.org/mine': 'yes' };
    const theirs = (forProvider: JsonObject): KubernetesObject => {
      return { ...key, metadata: { ...metadata, labels }, spec: { forProvider } };
    };
    const generation = async (): Promise<number> => (await plane.client.get(key))?.metadata.generation ?? 0;
    const first = await generation();
    const rounds = 10;
    for (let round = 1; round <= rounds; round++) {
      await plane.client.apply(theirs({ description: `mine ${round}`, deletionWindowInDays: 30 }), 'somebody');
      await pause(200);
    }
    await plane.client.waitFor(key, 'is ours again', ({ spec }) => JSON.stringify(spec).includes('"description":"p"'));
    await becomesReady(stage, parent);
    // At most one change of theirs and one of ours a round.
    expect(await generation()).toBeLessThanOrEqual(first + 2 * rounds);

    const left = await plane.client.waitFor(childOf(parent, 'Left'), 'names the foreign field', ({ status }) =>
      JSON.stringify(status?.['foreign'] ?? []).includes('somebody'),
    );
    expect(left.status?.['foreign']).toEqual([
      {
        resource: 'Key.kms.aws.m.upbound.io/fought-left-key',
        field: 'spec.forProvider.deletionWindowInDays',
        manager: 'somebody',
      },
    ]);
    expect((await plane.client.get(key))?.metadata.labels).toMatchObject(labels);
    // It gives up.
    await plane.client.apply(key, 'somebody');
    await plane.client.waitFor(left, 'names nothing', ({ status }) => JSON.stringify(status?.['foreign']) === '[]');
    await becomesReady(stage, parent);
    expectNothingLost(stage);
  });
});

/** Does it every 200 ms until it is told to stop. */
function again(act: () => Promise<unknown>): () => Promise<void> {
  const told = new AbortController();
  const done = (async () => {
    while (!told.signal.aborted) {
      await act();
      await pause(200);
    }
  })();
  return () => {
    told.abort();
    return done;
  };
}
