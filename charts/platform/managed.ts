import type { KubernetesObject } from '../../imports/base.ts';
import { definitionName } from '../../crossplane/definition/activation-policy.ts';
import { groupOf, resourceId } from '../../crossplane/reference/identity.ts';
import type { KindSchema, ProviderFacts, SchemaRegistry } from '../../crossplane/schema/registry.ts';
import { MANAGED_GROUP_SUFFIX, NAMESPACE_PREFIX } from './names.ts';
import { sortedBy } from './objects.ts';

/** A rendered managed resource and what is known of its kind. */
export interface Managed {
  readonly object: KubernetesObject;
  readonly schema: KindSchema;
  readonly provider: ProviderFacts;
  /** `<plural>.<group>`, the name of the kind's definition. */
  readonly definition: string;
}

/** Whether objects of this API version are managed resources of the provider. */
export function isManaged(apiVersion: string): boolean {
  return groupOf(apiVersion).endsWith(MANAGED_GROUP_SUFFIX);
}

/** The managed resources among the rendered objects. Throws a sentence for a kind that the schema lock lacks. */
export function managedOf(rendered: readonly KubernetesObject[], schemas: SchemaRegistry): readonly Managed[] {
  const managed = rendered.filter(({ apiVersion }) => isManaged(apiVersion)).map((object) => known(object, schemas));
  return sortedBy(
    managed,
    ({ object }) => `${object.metadata.namespace ?? ''}/${resourceId(object, object.metadata.name)}`,
  );
}

/** `Table.dynamodb.aws.m.upbound.io/main in namespace owlnest-staging`: how messages call a rendered object. */
export function placeOf(object: KubernetesObject): string {
  return `${resourceId(object, object.metadata.name)} in namespace ${object.metadata.namespace ?? '(none)'}`;
}

/**
 * Every managed resource stands in the namespace of an environment: elsewhere there is neither its `ProviderConfig`
 * nor the admission policy.
 */
export function assertPlaced(managed: readonly Managed[], environments: readonly { readonly name: string }[]): void {
  const namespaces = new Set(environments.map(({ name }) => `${NAMESPACE_PREFIX}${name}`));
  const lost = managed.find(({ object }) => !namespaces.has(object.metadata.namespace ?? ''));
  if (lost === undefined) return;
  throw new Error(
    `${placeOf(lost.object)} stands in no environment's namespace; render it into one of ${[...namespaces].join(', ')}.`,
  );
}

function known(object: KubernetesObject, schemas: SchemaRegistry): Managed {
  const schema = schemas.find(object);
  if (schema?.provider === undefined) {
    throw new Error(
      `${placeOf(object)} is of a kind that the schema lock does not have, so nothing would activate it; ` +
        `add ${object.kind} of ${object.apiVersion} to the import.`,
    );
  }
  return { object, schema, provider: schema.provider, definition: definitionName(schema) };
}
