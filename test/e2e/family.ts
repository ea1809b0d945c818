/** What is in the family of the law tests, and what must hold of it whatever has happened. */
import { expect } from '@jest/globals';
import { API_VERSION } from '../../crossplane/definition/api.ts';
import type { KubernetesObject } from '../../imports/base.ts';
import { condition } from './harness/client.ts';
import { isReady } from './harness/conditions.ts';
import { objectsIn, uidsOf } from './harness/objects.ts';
import type { Stage } from './harness/suite.ts';

/** A child composite (`Left` or `Right`) of the family's parent. */
export function childOf({ metadata: { name, namespace = '' } }: KubernetesObject, kind: string): KubernetesObject {
  return { apiVersion: API_VERSION, kind, metadata: { name: `${name}-${kind.toLowerCase()}`, namespace } };
}

/** The key in `Left`, which holds data and whose name AWS makes up. */
export function keyOf({ metadata: { name, namespace = '' } }: KubernetesObject): KubernetesObject {
  return { apiVersion: 'kms.aws.m.upbound.io/v1beta1', kind: 'Key', metadata: { name: `${name}-left-key`, namespace } };
}

/** All of the family is Ready and Synced, in its newest generation, within `timeout` milliseconds. */
export async function becomesReady({ plane }: Stage, parent: KubernetesObject, timeout = 60_000): Promise<void> {
  for (const composite of [parent, childOf(parent, 'Left'), childOf(parent, 'Right')]) {
    const seen = await plane.client.waitFor(composite, 'is Ready, Converged and Synced', isReady, timeout);
    const { generation } = seen.metadata;
    // `isTrue` takes a condition without a generation for one of the newest.
    expect(condition(seen, 'Ready')).toMatchObject({ observedGeneration: generation });
    expect(condition(seen, 'Synced')).toMatchObject({ observedGeneration: generation });
  }
}

/** Nothing was deleted in AWS. */
export function expectNothingDeleted({ provider, namespace }: Stage): void {
  const calls = provider.calls.filter((one) => one.namespace === namespace);
  expect(calls.length).toBeGreaterThan(0);
  expect(calls.filter(({ action }) => action === 'deleted')).toEqual([]);
}

/** Nothing was deleted in AWS, and every object has one AWS resource. */
export function expectNothingLost(stage: Stage): void {
  expectNothingDeleted(stage);
  const made = stage.provider.calls.filter(({ namespace }) => namespace === stage.namespace);
  expect(new Set(made.map(({ resource }) => resource)).size).toBe(made.length);
}

/** The uid of every object in the namespace. */
export async function uidsIn(stage: Stage): Promise<Readonly<Record<string, string>>> {
  return uidsOf(await objectsIn(stage));
}

export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));
