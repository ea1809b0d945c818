import { nearest } from '../crossplane/schema/nearest.ts';
import type { SchemaRegistry } from '../crossplane/schema/registry.ts';
import type { KubernetesObject } from '../imports/base.ts';
import type { LoadedEnvironment } from './environments.ts';

/**
 * Entries of `allowRemoval` that can name nothing of the environment, now or ever: of a kind that is not there, or with a
 * name that no object of the layer has. What a chart does not declare any more may still be in the cluster, so an entry of
 * the right form is not judged here. A misspelt one would free nothing, or something else later.
 * @param objects everything that the environment becomes
 */
export function strayRemovals(
  { name: environment, file, config: { allowRemoval = [] } }: LoadedEnvironment,
  objects: readonly KubernetesObject[],
  schemas: SchemaRegistry,
): readonly string[] {
  const kinds = [...new Set(schemas.kinds.map(({ kind }) => kind))];
  return allowRemoval.flatMap((entry, index) => {
    const [layer = '', kind = '', name = ''] = entry.split('/');
    const begin = `${environment}-${layer}`;
    const isOfLayer = name === begin || name.startsWith(`${begin}-`);
    if (kinds.includes(kind) && isOfLayer) return [];
    const names = objects.filter((object) => object.kind === kind).map(({ metadata }) => metadata.name);
    const meant = kinds.includes(kind)
      ? (nearest(name.replace(/^([a-z0-9]+-[a-z]+-)?/, `${begin}-`), names) ?? `${begin}-…`)
      : nearest(kind, kinds);
    const wrong = kinds.includes(kind)
      ? `no ${kind} of ${environment}'s ${layer} is called so`
      : `there is no kind ${kind}`;
    const remedy = meant === undefined ? 'mend or remove it' : `write ${meant}, or remove it`;
    return [`${file}: allowRemoval[${index}] is ${JSON.stringify(entry)}, but ${wrong}; ${remedy}.`];
  });
}
