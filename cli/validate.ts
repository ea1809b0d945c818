import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { isObject } from '../crossplane/schema/json.ts';
import type { SchemaRegistry } from '../crossplane/schema/registry.ts';
import type { KubernetesObject } from '../imports/base.ts';
import { UserError } from './errors.ts';
import { openWorkshop } from './workshop.ts';

/** Checks every object in the files; a kind that OwlNest has no schema of is counted, not judged. */
export function validate(paths: readonly string[]): void {
  const { schemas } = openWorkshop();
  const files = paths.flatMap(filesAt);
  if (files.length === 0) throw new UserError([`${paths.join(', ')}: no .yaml, .yml or .json file is there.`]);
  let checked = 0;
  let unknown = 0;
  const sentences = files.flatMap((file) =>
    documentsIn(file).flatMap((document) => {
      if ('problem' in document) return [`${file.path}: ${document.problem}`];
      const found = problemsOf(document.object, schemas);
      if (found === undefined) unknown += 1;
      else checked += 1;
      return (found ?? []).map((problem) => `${file.path}: ${problem}`);
    }),
  );
  if (sentences.length > 0) throw new UserError(sentences);
  const others = unknown === 0 ? '' : `; ${unknown} of kinds without a schema here were not checked`;
  process.stdout.write(`${checked} objects in ${files.length} files are valid${others}.\n`);
}

interface InputFile {
  readonly path: string;
  /** Files that a person names must hold objects; in a folder there may be others, such as Helm values. */
  readonly named: boolean;
}

function filesAt(path: string): readonly InputFile[] {
  if (!existsSync(path)) throw new UserError([`${path} does not exist.`]);
  if (!statSync(path).isDirectory()) return [{ path, named: true }];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ya?ml|json)$/.test(name))
    .sort()
    .map((name) => ({ path: join(path, name), named: false }))
    .filter((file) => statSync(file.path).isFile());
}

type Document = { readonly object: KubernetesObject } | { readonly problem: string };

function documentsIn({ path, named }: InputFile): readonly Document[] {
  return parseAllDocuments(readFileSync(path, 'utf8')).flatMap((document): Document[] => {
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
    if (isKubernetesObject(value)) return [{ object: value }];
    if (!named && !(isObject(value) && ('apiVersion' in value || 'kind' in value))) return [];
    return [{ problem: 'a document has no apiVersion, kind and metadata.name; add what is missing.' }];
  });
}

function isKubernetesObject(value: unknown): value is KubernetesObject {
  if (!isObject(value) || !isObject(value['metadata'])) return false;
  return [value['apiVersion'], value['kind'], value['metadata']['name']].every((part) => typeof part === 'string');
}

/** Undefined for a kind without a schema. */
function problemsOf(object: KubernetesObject, schemas: SchemaRegistry): readonly string[] | undefined {
  return schemas
    .find(object)
    ?.validate(object)
    .map(({ resource, message }) => `${resource}: ${message}`);
}
