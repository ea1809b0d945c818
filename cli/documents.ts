import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { asObject, isKubernetesObject, isList, isObject } from '../crossplane/schema/json.ts';
import type { KubernetesObject } from '../imports/base.ts';
import { UserError } from './errors.ts';

/** A file of Kubernetes objects. */
export interface InputFile {
  readonly path: string;
  /** Files that a person names must hold objects; in a folder there may be others, such as Helm values. */
  readonly named: boolean;
  readonly text: () => string;
}

/** A document of a file: an object, or what is wrong with it as the end of a sentence that begins with the path. */
export type Document = { readonly object: KubernetesObject } | { readonly problem: string };

/** The file of this path, or all YAML and JSON files below the folder; throws when there is nothing. */
export function filesAt(path: string): readonly InputFile[] {
  const file = (at: string, named: boolean): InputFile => ({ path: at, named, text: () => readFileSync(at, 'utf8') });
  if (!existsSync(path)) throw new UserError([`${path} does not exist.`]);
  if (!statSync(path).isDirectory()) return [file(path, true)];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ya?ml|json)$/.test(name))
    .sort()
    .map((name) => join(path, name))
    .filter((at) => statSync(at).isFile())
    .map((at) => file(at, false));
}

/** The documents of a text, YAML or JSON; a list (`kubectl get … -o yaml`) is taken apart. */
export function documentsIn(text: string, { named }: Pick<InputFile, 'named'>): readonly Document[] {
  return parseAllDocuments(text).flatMap((document): readonly Document[] => {
    const [error] = document.errors;
    // The rest of the message is a drawing of the place.
    if (error !== undefined)
      return [{ problem: `is not YAML: ${error.message.replace(/:?\n.*/s, '')}; mend it there.` }];
    let value: unknown;
    try {
      value = document.toJS();
    } catch (cause) {
      return [{ problem: `cannot be read (${cause instanceof Error ? cause.message : String(cause)}).` }];
    }
    if (value === null) return [];
    const { kind, items } = asObject(value);
    if (kind === 'List' && isList(items)) return items.flatMap((item) => documentOf(item, true));
    return documentOf(value, named);
  });
}

function documentOf(value: unknown, named: boolean): readonly Document[] {
  if (isKubernetesObject(value)) return [{ object: value }];
  if (!named && !(isObject(value) && ('apiVersion' in value || 'kind' in value))) return [];
  return [{ problem: 'a document has no apiVersion, kind and metadata.name; add what is missing.' }];
}
