import { ApiObject } from 'cdk8s';
import type { KubernetesObject } from '../../imports/base.ts';
import { resourceId, type ResourceId } from '../reference/identity.ts';
import { HOLDS_DATA_LABEL, movedFrom, type MovedFrom } from '../reference/marks.ts';
import { parentOf } from './about.ts';
import { isOnlyObserved, type CompositeChart } from './chart.ts';
import { ChildComposite } from './child.ts';
import { filledIn } from './fill.ts';

/** An object as its chart declares it, tokens still in it. */
export interface Declared {
  /** Of kind and declared name; what tokens call it. */
  readonly id: ResourceId;
  readonly object: KubernetesObject;
  readonly holdsData: boolean;
  readonly moved: MovedFrom | undefined;
  /** Identities of the objects that must be ready before this one is created. */
  readonly after: readonly ResourceId[];
}

/**
 * Everything that a chart declares, with what the layer fills in. What is part of a resource that is only looked at is
 * left out: it would change that resource. Throws a sentence where names do not tell composites apart.
 */
export function declaredBy(chart: CompositeChart): readonly Declared[] {
  const objects = chart.node.findAll().filter((construct) => ApiObject.isApiObject(construct));
  keepNamesOfChildren(objects);
  return objects
    .filter((object) => !belongsToObserved(object))
    .map((object) => ({
      id: idOf(object),
      object: filledIn(object),
      holdsData: object.metadata.getLabel(HOLDS_DATA_LABEL) === 'true',
      moved: movedFrom(object),
      after: dependenciesOf(object),
    }));
}

/**
 * Names that begin with a child's name and a dash are those of the child's own resources: else two composites could
 * declare one object, and nobody could tell whose a recorded identity is.
 */
function keepNamesOfChildren(objects: readonly ApiObject[]): void {
  for (const child of objects.filter((object) => ChildComposite.isChildComposite(object))) {
    const taken = objects.find(({ name }) => name.startsWith(`${child.name}-`));
    if (taken === undefined) continue;
    throw new Error(
      `${taken.kind} ${taken.name} has a name that belongs to the resources of ${child.kind} ${child.name}; give one of the two another id.`,
    );
  }
}

function idOf(object: ApiObject): ResourceId {
  return resourceId(object, object.name);
}

/** cdk8s's own `addDependency`; a dependency on a group of constructs is one on all objects in it. */
function dependenciesOf(object: ApiObject): readonly ResourceId[] {
  const targets = object.node.dependencies.flatMap((target) => target.node.findAll());
  return targets.filter((target) => ApiObject.isApiObject(target)).map((target) => idOf(target));
}

function belongsToObserved(object: ApiObject): boolean {
  const parent = parentOf(object);
  if (parent === undefined) return false;
  return isOnlyObserved(parent) || belongsToObserved(parent);
}
