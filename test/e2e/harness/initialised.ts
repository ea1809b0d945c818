import type { JsonObject, KubernetesObject } from '../../../imports/base.ts';
import { groupOf } from '../../../crossplane/reference/identity.ts';
import { asObject, isList } from '../../../crossplane/schema/json.ts';
import { KIND_TAG, NAME_TAG } from '../../../plan/orphans.ts';
import { schemasOf } from '../../support/world.ts';

const schemas = schemasOf([]);

/**
 * What the provider writes into a spec before anything else, as a patch; undefined when all of it is there. As a program
 * in Go it writes its whole picture of the object, thus an empty `initProvider`; and its own tags, where the kind has
 * tags and is not only looked at.
 */
export function initialisation(object: KubernetesObject): JsonObject | undefined {
  const spec = object.spec ?? {};
  const tags = asObject(asObject(spec['forProvider'])['tags']);
  const missing = Object.entries(ownTags(object)).filter(([name, value]) => tags[name] !== value);
  if (spec['initProvider'] !== undefined && missing.length === 0) return undefined;
  return {
    initProvider: asObject(spec['initProvider']),
    ...(missing.length === 0 ? {} : { forProvider: { tags: Object.fromEntries(missing) } }),
  };
}

function ownTags(object: KubernetesObject): Readonly<Record<string, string>> {
  const policies = object.spec?.['managementPolicies'];
  const isOnlyLookedAt = isList(policies) && policies.length === 1 && policies[0] === 'Observe';
  const fields = schemas.find(object)?.schema.properties?.['spec']?.properties?.['forProvider']?.properties;
  if (isOnlyLookedAt || fields?.['tags']?.additionalProperties === undefined) return {};
  const config = asObject(object.spec?.['providerConfigRef'])['name'];
  return {
    [KIND_TAG]: `${object.kind}.${groupOf(object.apiVersion)}`.toLowerCase(),
    [NAME_TAG]: object.metadata.name,
    'crossplane-providerconfig': typeof config === 'string' ? config : 'default',
  };
}
