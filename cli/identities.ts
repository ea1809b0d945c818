import { groupOf } from '../crossplane/reference/identity.ts';
import { hasForm } from '../crossplane/schema/external-name.ts';
import { resourceName } from '../crossplane/schema/violation.ts';
import { nearest } from '../crossplane/schema/nearest.ts';
import { asObject } from '../crossplane/schema/json.ts';
import type { SchemaRegistry } from '../crossplane/schema/registry.ts';
import type { KubernetesObject } from '../imports/base.ts';
import type { LoadedEnvironment } from './environments.ts';

/**
 * Recorded names that AWS would not give to their kind, as sentences: to the provider such a resource is not there. A kind
 * that nobody knows is for `strayIdentities`.
 */
export function misformedIdentities({ file, object }: LoadedEnvironment, schemas: SchemaRegistry): readonly string[] {
  const kinds = new Map(schemas.kinds.map((gvk) => [`${gvk.kind}.${groupOf(gvk.apiVersion)}`, gvk]));
  return Object.entries(asObject(object.spec?.['identities'])).flatMap(([key, identity]) => {
    const gvk = kinds.get(key.slice(0, key.indexOf('/')));
    const external = gvk === undefined ? undefined : schemas.find(gvk)?.provider?.externalName;
    const { externalName } = asObject(identity);
    if (external === undefined || typeof externalName !== 'string' || hasForm(external, externalName)) return [];
    return [
      `${fileOf(file)}: ${key} cannot have the externalName ${externalName}; its form is ${external.form ?? ''}.`,
    ];
  });
}

/**
 * Recorded identities that no resource of the environment has, as sentences. A misspelt name would otherwise let AWS make
 * a second one of what is there already.
 * @param objects everything that the environment becomes
 */
export function strayIdentities(
  { file, object }: LoadedEnvironment,
  objects: readonly KubernetesObject[],
  schemas: SchemaRegistry,
): readonly string[] {
  const managed = objects.filter((one) => schemas.find(one)?.provider !== undefined).map(resourceName);
  const known = new Set(managed);
  return Object.keys(asObject(object.spec?.['identities']))
    .filter((key) => !known.has(key))
    .map((key) => {
      const meant = nearest(key, managed);
      const remedy = meant === undefined ? 'mend its name or remove it' : `write ${meant} or remove it`;
      return `${fileOf(file)}: ${key} is no resource of this environment; ${remedy}.`;
    });
}

/** The file beside that of the environment. */
function fileOf(environmentFile: string): string {
  return environmentFile.replace(/\.json$/, '.identities.json');
}
