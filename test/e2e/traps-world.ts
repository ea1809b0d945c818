/** Both halves of the tests of traps: objects for the function that does what it is told, and charts under our compose. */
import { setTimeout } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Construct } from 'constructs';
import { activationPolicy } from '../../charts/platform/activation.ts';
import { createComposer } from '../../crossplane/compose/compose.ts';
import { API_VERSION } from '../../crossplane/definition/api.ts';
import { compositionName, functionName, type Release } from '../../crossplane/definition/release.ts';
import { compositionOf, xrdOf } from '../../crossplane/definition/xrd.ts';
import type { GroupVersionKind, JsonObject, KubernetesObject } from '../../imports/base.ts';
import { Topic } from '../../imports/sns.ts';
import { Queue } from '../../imports/sqs.ts';
import { schemasOf, testKind, type Declare } from '../support/world.ts';
import { condition, isTrue } from './harness/client.ts';
import { isReady } from './harness/conditions.ts';
import { managedDefinition, providerCrds } from './harness/crds.ts';
import type { Plane } from './harness/plane.ts';
import type { Stage } from './harness/suite.ts';
import { until } from './harness/until.ts';
import { releaseOf } from '../support/release.ts';

const release: Release = releaseOf('1.0.0-traps');
/** The name of our function. */
export const ours = functionName(release);

export type LayerChart = Declare<never, 'arn'>;
export type UpperChart = Declare<never, never>;

/** A layer, and what may stand above it. */
const Upper = testKind('Upper', () => ({}));
export const Layer = testKind('Layer', () => ({ arn: '' }), { outputs: ['arn'] });
export const oursComposer = createComposer([Upper, Layer], schemasOf([Upper, Layer]), release);
export const ourDefinitions: readonly KubernetesObject[] = [Upper, Layer].flatMap((kind) => [
  xrdOf(kind),
  compositionOf(kind, release),
]);

/** A managed resource as a naive function desires it. */
export function managed(
  { apiVersion, kind }: GroupVersionKind,
  name: string,
  forProvider: JsonObject = {},
): KubernetesObject {
  return { apiVersion, kind, metadata: { name }, spec: { forProvider: { region: 'eu-west-1', ...forProvider } } };
}

export function topic(name: string, displayName = 'first'): KubernetesObject {
  return managed(Topic.kind, name, { displayName });
}

export function queue(name: string, delaySeconds = 1): KubernetesObject {
  return managed(Queue.kind, name, { delaySeconds });
}

/** From now on our function composes with these charts. */
export function useCharts(
  plane: Plane,
  layer: LayerChart,
  upper: UpperChart = () => ({}),
  { stateful = false } = {},
): void {
  const kinds = [
    testKind('Upper', upper, { stateful }),
    testKind('Layer', layer, { outputs: ['arn'], stateful }),
  ] as const;
  plane.fn(ours).use(createComposer(kinds, schemasOf(kinds), release));
}

/** As `useCharts`, of a release whose layer gives one more output: the XRD in the cluster does not have it. */
export function useNewerCharts(plane: Plane, layer: LayerChart, upper: UpperChart): void {
  const newer: Declare<never, 'arn' | 'later'> = (chart, given) => ({
    ...layer(chart, given),
    later: 'not in the XRD',
  });
  const kinds = [testKind('Upper', upper), testKind('Layer', newer, { outputs: ['arn', 'later'] })] as const;
  plane.fn(ours).use(createComposer(kinds, schemasOf(kinds), release));
}

/** Brings managed kinds, as `keys.kms.aws.m.upbound.io`, switched off; one that is served already goes on being so. */
export async function bring({ plane }: Stage, kinds: readonly string[]): Promise<void> {
  for (const definition of providerCrds(kinds).map(managedDefinition)) {
    await plane.client.apply(definition);
    // From then on a policy of core counts it as well.
    await plane.client.waitFor(definition, 'is seen by core', ({ status }) => status !== undefined);
  }
}

/** Lets a policy activate exactly these of the kinds that were brought, and gives the policy. */
export async function activate({ plane }: Stage, kinds: readonly string[]): Promise<KubernetesObject> {
  const policy = activationPolicy(kinds);
  await plane.client.apply(policy);
  return plane.client.waitFor(policy, 'has activated its kinds', ({ status }) =>
    isDeepStrictEqual(new Set([status?.['activated'] ?? []].flat()), new Set(kinds)),
  );
}

/** A composite of ours; other values let core ask the function again. */
export function composite(
  kind: 'Upper' | 'Layer',
  { namespace }: Stage,
  name: string,
  values: Readonly<Record<string, string>> = {},
): KubernetesObject {
  const crossplane = { compositionRef: { name: compositionName(kind, release) } };
  return { apiVersion: API_VERSION, kind, metadata: { name, namespace }, spec: { values, crossplane } };
}

/** The outputs of a layer that gives nothing. */
export const nothing = { arn: '' };

/** A topic whose name in AWS is that of its object. */
export function topicIn(scope: Construct, id: string, displayName = 'first'): Topic {
  const name = scope.node.path.split('/').concat(id).join('-');
  return new Topic(scope, id, { why: 'For a test', name, forProvider: { displayName } });
}

/** A managed resource in the namespace of the test. */
export function at({ namespace }: Stage, { apiVersion, kind }: GroupVersionKind, name: string): KubernetesObject {
  return { apiVersion, kind, metadata: { name, namespace } };
}

/** `spec.forProvider` of the object as the API server has it now. */
export async function forProvider({ plane }: Stage, reference: KubernetesObject): Promise<unknown> {
  return (await plane.client.get(reference))?.spec?.['forProvider'];
}

/** True when core has applied what our function desires for the newest generation, and something is open. */
export function isOpen(object: KubernetesObject): boolean {
  const isFalse = (type: string) => condition(object, type)?.status === 'False';
  const newest = condition(object, 'Ready')?.observedGeneration === object.metadata.generation;
  return isTrue(object, 'Synced') && newest && isFalse('Ready') && isFalse('Converged');
}

/** True when core could not bring about the newest generation. */
export function isNotSynced(object: KubernetesObject): boolean {
  const synced = condition(object, 'Synced');
  return synced?.status === 'False' && synced.observedGeneration === object.metadata.generation;
}

/** Synced and Ready of a composite, and what they speak of. */
export function statesOf(object: KubernetesObject): Readonly<Record<'synced' | 'ready', string>> {
  const say = (type: string): string => {
    const { status, observedGeneration } = condition(object, type) ?? {};
    const newest = observedGeneration === object.metadata.generation;
    return `${String(status)}, of ${newest ? 'the newest' : 'an older'} generation`;
  };
  return { synced: say('Synced'), ready: say('Ready') };
}

/** Resource and reason, or rule, of each entry. */
export function said(object: KubernetesObject, field: 'held' | 'invalid'): readonly unknown[] {
  const entries = (object.status?.[field] ?? []) as readonly JsonObject[];
  return entries.map(({ resource, reason, rule }) => [resource, reason ?? rule]);
}

export async function ready({ plane }: Stage, object: KubernetesObject): Promise<KubernetesObject> {
  await plane.client.apply(object);
  return plane.client.waitFor(object, 'is Ready', isReady);
}

export async function open({ plane }: Stage, object: KubernetesObject): Promise<KubernetesObject> {
  await plane.client.apply(object);
  return plane.client.waitFor(object, 'is open', isOpen);
}

export async function notSynced({ plane }: Stage, object: KubernetesObject): Promise<KubernetesObject> {
  await plane.client.apply(object);
  return plane.client.waitFor(object, 'is not Synced', isNotSynced);
}

/** What the provider did in AWS for the namespace of the test. */
export function done({ provider, namespace }: Stage): readonly string[] {
  return provider.calls
    .filter((call) => call.namespace === namespace)
    .map(({ action, resource }) => `${action} ${resource.replace(/\..*\//, ' ')}`);
}

export function deleted(stage: Stage): readonly string[] {
  return done(stage).filter((line) => line.startsWith('deleted'));
}

/** Waits until core has asked the function some more times. */
export async function asked({ plane }: Stage, name: string, times: number): Promise<void> {
  const before = plane.fn(name).calls;
  await until(`core asks ${name} again`, 30_000, () =>
    Promise.resolve(plane.fn(name).calls >= before + times ? true : undefined),
  );
}

/**
 * Waits until core asks the function nothing for a while. A change that comes in the middle of a pass gets that pass's
 * conditions under its own generation, though the pass was about the older one.
 */
export async function quiet({ plane }: Stage, name: string): Promise<void> {
  for (let before = -1; before !== plane.fn(name).calls;) {
    before = plane.fn(name).calls;
    await setTimeout(800);
  }
}
