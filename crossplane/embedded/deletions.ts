import type { Existing, Surroundings } from '../../kinds/facts.ts';
import { factsOf } from '../../kinds/index.ts';

/** AWS's words when it refuses to delete the resource as things are; `undefined` when it deletes it. */
export function refusalOf(resource: Existing, around: Surroundings): string | undefined {
  return factsOf(resource)?.refusesDeletion?.(resource, around);
}

/** True when the deletion of `parent` takes `resource` along. */
export function goesWith(resource: Existing, parent: Existing): boolean {
  const field = factsOf(parent)?.partsNameItBy;
  const sameService = resource.apiVersion === parent.apiVersion;
  return field !== undefined && sameService && resource.forProvider[field] === parent.externalName;
}
