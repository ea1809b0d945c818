import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Json, JsonObject } from '../../imports/base.ts';
import { isList, isObject } from '../../crossplane/schema/json.ts';
import type { Definition } from './sources.ts';

/*
 * The CRDs that the lock is made from stay in the project as data: an API server can be as strict as a cluster with them
 * (the lock cannot be installed), and whether the lock is current can be checked anywhere. `imports/crds/README.md` says
 * whose they are.
 */

/** Name of the file with the provider's CRDs, one JSON object a line. */
export function crdFileName(version: string): string {
  return `provider-upjet-aws-${version}.ndjson.gz`;
}

/** The version that the name of such a file says; undefined for other files. */
export function versionOfCrdFile(name: string): string | undefined {
  return /^provider-upjet-aws-(v.+)\.ndjson\.gz$/.exec(name)?.[1];
}

/** Keeps the CRDs of these kinds in `folder`, and no other version beside them. */
export function keepCrds(folder: string, version: string, definitions: readonly Definition[]): void {
  const name = crdFileName(version);
  const file = path.join(folder, name);
  const text = crdLines(definitions.map(({ crd }) => crd));
  mkdirSync(folder, { recursive: true });
  // What gzip writes differs from one Node to the next; the same content is not written again.
  if (!existsSync(file) || gunzipSync(readFileSync(file)).toString('utf8') !== text) {
    writeFileSync(`${file}.new`, gzipSync(text, { level: 9 }));
    renameSync(`${file}.new`, file);
  }
  for (const other of readdirSync(folder)) {
    if (other !== name && versionOfCrdFile(other) !== undefined) rmSync(path.join(folder, other));
  }
}

/** CRDs as they are kept, in the order of their names: without prose, with sorted keys, so that equal ones have equal bytes. */
export function crdLines(crds: readonly JsonObject[]): string {
  const lines = crds.map(({ apiVersion, kind, metadata, spec }) => {
    const name = isObject(metadata) ? metadata['name'] : undefined;
    const bare = { apiVersion: apiVersion ?? null, kind: kind ?? null, metadata: { name: name ?? null } };
    return { name: String(name), line: JSON.stringify({ ...bare, spec: plain(spec ?? null) }) };
  });
  return lines
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .map(({ line }) => `${line}\n`)
    .join('');
}

/** Values of these are data, whatever their keys are called. */
const DATA = new Set(['default', 'enum', 'example']);

function plain(value: Json): Json {
  if (isList(value)) return value.map(plain);
  if (!isObject(value)) return value;
  const entries = Object.entries(value)
    // A property that is called `description` is an object; the prose is a text.
    .filter(([key, item]) => key !== 'description' || typeof item !== 'string')
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, DATA.has(key) ? item : plain(item)]));
}
