import { stringify } from 'yaml';
import type { JsonObject, KubernetesObject } from '../imports/base.ts';

const OPTIONS = { lineWidth: 0, aliasDuplicateObjects: false, compat: 'yaml-1.1' } as const;

/**
 * Objects as one YAML file, document after document; long texts (policies) are never folded. Kubernetes reads YAML 1.1,
 * where `yes` and `0o7` unquoted are no texts.
 */
export function toYaml(objects: readonly KubernetesObject[]): string {
  const documents = objects.map(({ apiVersion, kind, metadata, ...rest }) =>
    stringify({ apiVersion, kind, metadata, ...rest }, OPTIONS),
  );
  return documents.join('---\n');
}

/** Values of a Helm chart, which are no object. */
export function valuesToYaml(values: JsonObject): string {
  return stringify(values, OPTIONS);
}
