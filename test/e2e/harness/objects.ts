import { setTimeout } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { KubernetesObject } from '../../../imports/base.ts';
import { kindOf } from './crds.ts';
import type { Stage } from './suite.ts';
import { until } from './until.ts';

/** Composites and managed resources by `<Kind>/<name>`. */
export type Objects = ReadonlyMap<string, KubernetesObject>;

/** All that is ours in the namespace of the test, or of it one composite with everything below it. */
export async function objectsIn(
  { plane, provider, namespace, definitions }: Stage,
  root?: KubernetesObject,
): Promise<Objects> {
  const kinds = [...definitions.map(kindOf), ...provider.kinds];
  const lists = await Promise.all(kinds.map((kind) => plane.client.list(kind, { namespace })));
  const name = root?.metadata.name;
  // A name begins with the name of the composite that it is below.
  const isMine = ({ metadata }: KubernetesObject): boolean =>
    name === undefined || metadata.name === name || metadata.name.startsWith(`${name}-`);
  const mine = lists.flat().filter(isMine);
  return new Map(mine.map((object) => [`${object.kind}/${object.metadata.name}`, object]));
}

/** What stays the same of every object as long as it is not made again. */
export function uidsOf(objects: Objects): Readonly<Record<string, string>> {
  return Object.fromEntries([...objects].map(([name, { metadata }]) => [name, metadata.uid ?? '']));
}

/** Versions once nothing has been written for a second and a half. */
export async function versionsAtRest(stage: Stage, root?: KubernetesObject): Promise<Readonly<Record<string, string>>> {
  return until('nothing is written any more', 30_000, async () => {
    const before = versionsOf(await objectsIn(stage, root));
    await setTimeout(1500);
    return isDeepStrictEqual(versionsOf(await objectsIn(stage, root)), before) ? before : undefined;
  });
}

/** What any write to an object changes. */
export function versionsOf(objects: Objects): Readonly<Record<string, string>> {
  return Object.fromEntries([...objects].map(([name, { metadata }]) => [name, metadata.resourceVersion ?? '']));
}
