import type { JsonObject, KubernetesObject } from '../../imports/base.ts';
import type { Context } from '../definition/context.ts';
import { resourceId } from '../reference/identity.ts';
import { EXTERNAL_NAME_ANNOTATION } from '../reference/marks.ts';
import { holdsToken } from '../reference/token.ts';
import { hasForm, nameByFormula, type ExternalName } from '../schema/external-name.ts';
import { asObject, isList } from '../schema/json.ts';
import type { Violation } from '../schema/violation.ts';
import { isSynced } from './conditions.ts';
import { forProviderOf } from './naming.ts';

/*
 * Law 5: the name that AWS made up stands on the object as soon as it is known. The provider keeps it in memory and writes
 * it down only where the policies allow LateInitialize; after a restart it would make a resource without a name again
 * (docs/decisions/0013-names-that-aws-makes-up.md).
 */

const ANNOTATION_PATH = `metadata.annotations["${EXTERNAL_NAME_ANNOTATION}"]`;

/** The external name on the object; empty where there is none. */
export function nameOn({ metadata }: KubernetesObject): string {
  return metadata.annotations?.[EXTERNAL_NAME_ANNOTATION] ?? '';
}

/**
 * The object with the name that its resource has in AWS, where AWS makes that up: the one that stands on the observed
 * object, else the one that its status tells, else the one that follows from its own fields. A name that the chart or a
 * recorded identity gives stays.
 */
export function withSavedName(
  object: KubernetesObject,
  observed: KubernetesObject | undefined,
  external: ExternalName | undefined,
  context: Context,
): KubernetesObject {
  if (!isKept(external) || nameOn(object) !== '') return object;
  const saved = observed === undefined ? '' : nameOn(observed);
  const name = saved === '' ? (toldName(observed, external) ?? ownName(object, external, context)) : saved;
  if (name === undefined) return object;
  const annotations = { ...object.metadata.annotations, [EXTERNAL_NAME_ANNOTATION]: name };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

/**
 * A recorded name means that the resource is there: it is only looked at until it was seen, since with a wrong name (one of
 * another account, of a key that is about to be deleted) the provider finds nothing, and Create makes a second resource. So
 * does Update: to the Terraform provider an update of what is absent is a creation. Only `[Observe]` fails then.
 * @param recorded as the chart declares it, with the name
 */
export function adopting(
  recorded: KubernetesObject,
  observed: KubernetesObject | undefined,
  last: KubernetesObject | undefined,
  external: ExternalName | undefined,
): KubernetesObject {
  const name = nameOn(recorded);
  if (!isKept(external) || external.formula !== undefined || name === '') return recorded;
  const isTaken = last !== undefined && policiesOf(last).length > 1 && nameOn(last) === name;
  const isSeen = observed !== undefined && isSynced(observed) && toldName(observed, external) === name;
  if (!isTaken && !isSeen) return withPolicies(recorded, ['Observe']);
  // The runtime knows no set with Update and Delete but without Create.
  return policiesOf(recorded).includes('Delete') ? recorded : withPolicies(recorded, without(recorded, 'Create'));
}

/**
 * The sentence on a resource that AWS no longer knows by its name: somebody deleted it there, and the provider made another
 * one. `undefined` when all is well.
 */
export function lostName(observed: KubernetesObject, external: ExternalName | undefined): string | undefined {
  if (!isKept(external) || external.formula !== undefined) return undefined;
  const [name, told] = [nameOn(observed), toldName(observed, external)];
  if (name === '' || told === undefined || name === told) return undefined;
  return `AWS calls it ${told} now, but its name is ${name}: say which of the two it is in ${ANNOTATION_PATH}`;
}

/** With the last word to people: while it is not clear which resource is meant, nothing is made or changed. */
export function onlyLooked(object: KubernetesObject): KubernetesObject {
  return withPolicies(object, ['Observe']);
}

/** A name that nothing but the object tells, so that people record it in git; `undefined` where something else does. */
export function madeUpName(
  object: KubernetesObject,
  external: ExternalName | undefined,
  context: Context,
): string | undefined {
  const name = nameOn(object);
  if (!isKept(external) || name === '' || name === ownName(object, external, context)) return undefined;
  return name;
}

/** What is wrong with the name that a chart or a recorded identity gives. */
export function givenNameViolations(object: KubernetesObject, external: ExternalName): readonly Violation[] {
  const resource = resourceId(object, object.metadata.name);
  const name = nameOn(object);
  const said = { resource, path: ANNOTATION_PATH, received: name };
  if (external.rule === 'unusable') {
    const message = `The provider cannot keep a ${object.kind}: it takes one name for two things (tools/import/external-names.json). Use another kind.`;
    return [{ ...said, path: 'kind', rule: 'unusable-kind', received: object.kind, message }];
  }
  if (name === '' || holdsToken(name)) return [];
  if (external.rule === 'ignored') {
    const message = `The provider does not read the AWS name of a ${object.kind}, so ${resource} cannot have the name ${name}: leave it out.`;
    return [{ ...said, rule: 'name-ignored', message }];
  }
  if (hasForm(external, name)) return [];
  const message = `The AWS name ${name} of ${resource} has not the form of a ${object.kind}: ${external.form ?? ''}`;
  return [{ ...said, rule: 'name-form', message }];
}

/** Kinds whose name only the annotation carries. */
function isKept(external: ExternalName | undefined): external is ExternalName {
  return external?.class === 'generated' && external.rule === undefined;
}

/** Never of an object that is being deleted: the next one of its name is another resource. */
function toldName(observed: KubernetesObject | undefined, external: ExternalName): string | undefined {
  if (observed === undefined || observed.metadata.deletionTimestamp !== undefined) return undefined;
  const { id } = asObject(observed.status?.['atProvider']);
  return typeof id === 'string' && id !== '' && hasForm(external, id) ? id : undefined;
}

function ownName(object: KubernetesObject, external: ExternalName, context: Context): string | undefined {
  const forProvider: JsonObject = forProviderOf(object);
  const region = forProvider['region'];
  return nameByFormula(external, {
    name: object.metadata.name,
    forProvider,
    account: context.account,
    region: typeof region === 'string' ? region : context.region,
  });
}

function policiesOf(object: KubernetesObject): readonly string[] {
  const policies = object.spec?.['managementPolicies'];
  return isList(policies) ? policies.map(String) : [];
}

function without(object: KubernetesObject, policy: string): readonly string[] {
  return policiesOf(object).filter((one) => one !== policy);
}

function withPolicies(object: KubernetesObject, managementPolicies: readonly string[]): KubernetesObject {
  return { ...object, spec: { ...object.spec, managementPolicies } };
}
