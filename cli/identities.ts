import { resourceName } from '../crossplane/schema/violation.ts';
import { nearest } from '../crossplane/schema/nearest.ts';
import { asObject } from '../crossplane/schema/json.ts';
import type { SchemaRegistry } from '../crossplane/schema/registry.ts';
import type { KubernetesObject } from '../imports/base.ts';
import type { LoadedEnvironment } from './environments.ts';

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
      return `${file.replace(/\.json$/, '.identities.json')}: ${key} is no resource of this environment; ${remedy}.`;
    });
}
