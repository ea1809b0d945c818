import { isObject } from '../crossplane/schema/json.ts';
import type { Json, KubernetesObject } from '../imports/base.ts';
import type { TextFile } from './text-file.ts';

/**
 * Each policy document of the resources as a file of its own, indented: in YAML it is one long line, in which nobody sees
 * what has changed. A file is named by the object and the field: `production-storage-data-key.policy.json`.
 * @param folder path below the tree's root
 */
export function policyFiles(resources: readonly KubernetesObject[], folder: string): readonly TextFile[] {
  return resources.flatMap(({ metadata, spec }) =>
    documentsIn(spec?.['forProvider'] ?? null).map(({ field, document }) => ({
      path: `${folder}/${metadata.name}.${field}.json`,
      text: `${JSON.stringify(document, undefined, 2)}\n`,
    })),
  );
}

/** Policy documents that stand as text in a value, each with the path of its field. */
function documentsIn(
  value: Json,
  path: readonly string[] = [],
): readonly { readonly field: string; readonly document: unknown }[] {
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, inner]) => documentsIn(inner, [...path, key]));
  }
  if (typeof value !== 'string' || !value.startsWith('{')) return [];
  const document = jsonIn(value);
  return isObject(document) && 'Statement' in document ? [{ field: path.join('.'), document }] : [];
}

/** What the text says as JSON; `undefined` for text that only begins so: a path `{proxy+}`, a template. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
