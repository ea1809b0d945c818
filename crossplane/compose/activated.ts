import type { Json, KubernetesObject } from '../../imports/base.ts';
import { ACTIVATION_REQUIREMENT, definitionName } from '../definition/activation-policy.ts';
import type { KindSchema } from '../schema/registry.ts';
import { isList } from '../schema/json.ts';
import { resourceName, type Violation } from '../schema/violation.ts';

/**
 * Names of the managed kinds that the cluster has activated, from the policies that came with the call. Undefined when
 * nothing is known: no policy came (a Composition of an older release asks for none), or core has not judged any yet.
 * @param required the objects that core sent under the name of a requirement
 */
export function activatedIn(
  required: (requirement: string) => readonly KubernetesObject[],
): ReadonlySet<string> | undefined {
  const policies = required(ACTIVATION_REQUIREMENT.requirementName);
  const judged = policies.filter(({ status }) => status !== undefined);
  if (judged.length === 0) return undefined;
  return new Set(judged.flatMap(({ status }) => textsIn(status?.['activated'])));
}

/**
 * What is wrong with making the object in this cluster: an object of a kind that is not there would end the whole pass
 * in core. Another object of the kind proves that it is there, whatever the policies say: core never takes a kind back.
 * @param activated undefined when nothing is known; then every kind is presumed to be there
 */
export function notActivated(
  object: KubernetesObject,
  schema: KindSchema | undefined,
  activated: ReadonlySet<string> | undefined,
  others: Iterable<KubernetesObject>,
): readonly Violation[] {
  if (activated === undefined || schema?.provider === undefined) return [];
  const definition = definitionName(schema);
  const { apiVersion, kind } = object;
  if (activated.has(definition)) return [];
  if ([...others].some((other) => other.apiVersion === apiVersion && other.kind === kind)) return [];
  const message =
    `${kind} (${apiVersion}) is not activated in this cluster: apply dist/platform of this release, ` +
    `or name ${definition} in an activation policy and install ${schema.provider.package}.`;
  return [{ resource: resourceName(object), path: 'kind', rule: 'not-activated', received: kind, message }];
}

/** A policy that has activated nothing has no list. */
function textsIn(value: Json | undefined): readonly string[] {
  return isList(value) ? value.filter((item) => typeof item === 'string') : [];
}
