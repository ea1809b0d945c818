/** What is in the AWS of a test, and whether each of it belongs to an object. */
import { expect } from '@jest/globals';
import type { StandInProvider as StandInAws } from '../../crossplane/embedded/provider.ts';
import { EXTERNAL_NAME_ANNOTATION } from '../../crossplane/reference/marks.ts';
import { asObject } from '../../crossplane/schema/json.ts';
import type { KubernetesObject } from '../../imports/base.ts';
import { orphansOf, type Orphan, type TaggedResource } from '../../plan/orphans.ts';
import { shapeOf } from '../../kinds/index.ts';
import { shapeInput } from '../../kinds/shape.ts';
import { ACCOUNT, schemasOf } from '../support/world.ts';
import { objectsIn } from './harness/objects.ts';
import type { Stage } from './harness/suite.ts';

/** A test's cluster and its namespace. */
type Where = Pick<Stage, 'plane' | 'provider' | 'namespace' | 'definitions'>;

const schemas = schemasOf([]);

/** What AWS has, as its Resource Groups Tagging API lists it: what has an ARN and tags. */
export function listed({ aws }: StandInAws): readonly TaggedResource[] {
  return [...aws.values()].flatMap(({ apiVersion, kind, externalName: name, forProvider }) => {
    const annotations = { [EXTERNAL_NAME_ANNOTATION]: name };
    const object = { apiVersion, kind, metadata: { name, annotations }, spec: { forProvider } };
    const { arn } = shapeOf(object, schemas).atProvider(shapeInput(object, ACCOUNT));
    const tags = Object.entries(asObject(forProvider['tags'])).map(([key, value]) => [key, String(value)] as const);
    const region = String(forProvider['region'] ?? '');
    return typeof arn === 'string' && tags.length > 0 ? [{ arn, region, tags: Object.fromEntries(tags) }] : [];
  });
}

/** What of it no object of the test's namespace stands for. */
export async function orphansIn(stage: Where, account: StandInAws): Promise<readonly Orphan[]> {
  return orphansOf(listed(account), [...(await objectsIn(stage)).values()].filter(isManaged));
}

/** True for an object of the provider's. */
export function isManaged(object: KubernetesObject): boolean {
  return schemas.find(object)?.provider !== undefined;
}

/** The external name that the object itself has; empty without one. */
export function nameIn({ metadata }: KubernetesObject): string {
  return metadata.annotations?.[EXTERNAL_NAME_ANNOTATION] ?? '';
}

/** The uids of the managed resources of the test that have their name in themselves. */
export async function namedIn(stage: Where): Promise<ReadonlySet<string>> {
  const managed = [...(await objectsIn(stage)).values()].filter(isManaged);
  return new Set(managed.filter((object) => nameIn(object) !== '').map(({ metadata }) => metadata.uid ?? ''));
}

/** How often AWS has made something for each of these objects, by uid; one that it never had to make is left out. */
export function creationsOf({ creations }: StandInAws, uids: ReadonlySet<string>): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { uid } of creations) if (uids.has(uid)) counts[uid] = (counts[uid] ?? 0) + 1;
  return counts;
}

/** AWS has made each thing once, all of it is there, and an object stands for each that can be listed. */
export async function expectEachOnce(stage: Where, account: StandInAws): Promise<void> {
  expect(account.creations.length).toBe(account.aws.size);
  expect(await orphansIn(stage, account)).toEqual([]);
  expect(
    stage.provider.calls.filter(({ namespace, action }) => namespace === stage.namespace && action === 'deleted'),
  ).toEqual([]);
}
