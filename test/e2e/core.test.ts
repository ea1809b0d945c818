import { describe, expect } from '@jest/globals';
import { condition, isTrue } from './harness/client.ts';
import { endToEnd } from './harness/suite.ts';
import { idOf, keyOf, stringAt, tableOf, toyAws, toyComposer, toyCrds, toyOf } from './toy.ts';

const { demo, functionName, objects } = toyOf('core');

const suite = endToEnd({
  crds: toyCrds,
  functions: { [functionName]: toyComposer },
  objects,
  aws: toyAws(),
});

describe('a composite under the real core', () => {
  suite.test(
    'becomes Ready, with the value that AWS made up in the resource that needs it',
    async ({ plane, namespace }) => {
      const composite = await plane.client.apply(demo(namespace, 'late'));
      const ready = await plane.client.waitFor(composite, 'is Ready', (object) => isTrue(object, 'Ready'));
      const [key, table] = [await plane.client.get(keyOf(composite)), await plane.client.get(tableOf(composite))];

      const keyArn = stringAt(key, 'arn');
      expect(keyArn).toMatch(/^arn:aws:kms:/);
      expect(table?.spec?.['forProvider']).toMatchObject({ serverSideEncryption: { kmsKeyArn: keyArn } });
      expect(ready.status).toMatchObject({
        outputs: { keyArn },
        waiting: [],
        resources: { text: '2/2' },
        release: 'toy',
      });
      expect(condition(ready, 'Converged')).toMatchObject({ status: 'True', message: '2 of 2 resources are ready.' });
    },
  );

  suite.test('stays without the resource whose value is not known yet', async ({ plane, provider, namespace }) => {
    provider.inject([{ kind: 'drop', field: 'arn', resource: idOf(keyOf(demo(namespace, 'waits'))) }]);
    const composite = await plane.client.apply(demo(namespace, 'waits'));
    await plane.client.waitFor(keyOf(composite), 'is Ready', (object) => isTrue(object, 'Ready'));
    await plane.client.waitFor(
      composite,
      'waits',
      (object) => object.status?.['waitingText'] === 'The table waits for the key.',
    );

    expect(await plane.client.get(tableOf(composite))).toBeUndefined();

    provider.inject([]);
    await plane.client.waitFor(composite, 'is Ready', (object) => isTrue(object, 'Ready'));
  });

  suite.test('loses the resource that it wants no more', async ({ plane, provider, namespace }) => {
    const composite = await plane.client.apply(demo(namespace, 'drops'));
    await plane.client.waitFor(composite, 'is Ready', (object) => isTrue(object, 'Ready'));
    await plane.client.apply(demo(namespace, 'drops', { table: false }));
    await plane.client.waitGone(tableOf(composite));

    const calls = provider.calls.filter((call) => call.namespace === namespace);
    expect(calls.map(({ action, resource }) => [action, resource])).toEqual([
      ['created', idOf(keyOf(composite))],
      ['created', idOf(tableOf(composite))],
      ['deleted', idOf(tableOf(composite))],
    ]);
  });

  suite.test(
    'is not Ready while the function says that a resource is not, though that has Ready True',
    async ({ plane, namespace }) => {
      const composite = await plane.client.apply(demo(namespace, 'refuses', { table: false, accepted: false }));
      await plane.client.waitFor(keyOf(composite), 'is Ready', (object) => isTrue(object, 'Ready'));
      const open = await plane.client.waitFor(
        composite,
        'knows of the key',
        (object) => JSON.stringify(object.status?.['outputs'] ?? {}) !== '{}',
      );

      expect(condition(open, 'Ready')?.status).toBe('False');
      expect(condition(open, 'Converged')).toMatchObject({ status: 'False', reason: 'Open' });

      await plane.client.apply(demo(namespace, 'refuses', { table: false, accepted: true }));
      await plane.client.waitFor(composite, 'is Ready', (object) => isTrue(object, 'Ready'));
    },
  );

  suite.test(
    'keeps what it has while the function fails, and goes on with another release',
    async ({ plane, namespace }) => {
      const composite = await plane.client.apply(demo(namespace, 'fails'));
      await plane.client.waitFor(composite, 'is Ready', (object) => isTrue(object, 'Ready'));
      const toy = plane.fn(functionName);
      try {
        toy.use({ kinds: [], compose: () => ({ outcome: 'refused', violations: [] }) });
        await plane.client.apply(demo(namespace, 'fails', { description: 'new' }));
        const failed = await plane.client.waitFor(
          composite,
          'is not Synced',
          (object) => condition(object, 'Synced')?.status === 'False',
        );
        expect(condition(failed, 'Synced')?.message).toContain('refused without a reason');
        expect(await plane.client.get(tableOf(composite))).toBeDefined();
      } finally {
        toy.use(toyComposer);
      }
      const isNew = (text: unknown): boolean => JSON.stringify(text).includes('"description":"new"');
      await plane.client.waitFor(keyOf(composite), 'is changed', (object) => isNew(object.spec));
    },
  );

  suite.test('goes with all that it made', async ({ plane, provider, namespace }) => {
    const composite = await plane.client.apply(demo(namespace, 'deleted'));
    await plane.client.waitFor(composite, 'is Ready', (object) => isTrue(object, 'Ready'));
    await plane.client.delete(composite, 'Foreground');
    await plane.client.waitGone(composite);

    expect(await plane.client.get(keyOf(composite))).toBeUndefined();
    expect(provider.calls.filter((call) => call.namespace === namespace && call.action === 'deleted')).toHaveLength(2);
  });
});
