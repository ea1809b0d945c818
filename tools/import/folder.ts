import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { crdFileName, versionOfCrdFile } from './crds.ts';
import { ImportError } from './error.ts';
import { parseJson } from './read.ts';
import { definitionsOf, type Definitions, type Source } from './sources.ts';

/** Reads the CRDs from the folder `from`: one JSON object a line in `provider-upjet-aws-<version>.ndjson.gz`. */
export function readFolder(from: string): Source {
  if (!existsSync(from)) throw new ImportError(`The folder ${from} does not exist; give the CRD folder with --from.`);
  const version = versionIn(from);
  return { version, definitions: readDefinitions(from, version) };
}

/** The version that the name of the one CRD file says. */
function versionIn(from: string): string {
  const found = readdirSync(from).flatMap((name) => versionOfCrdFile(name) ?? []);
  const [version, ...others] = found;
  if (version === undefined) {
    throw new ImportError(`The file provider-upjet-aws-<version>.ndjson.gz is missing in ${from}.`);
  }
  if (others.length > 0) {
    throw new ImportError(`The folder ${from} has the CRDs of ${found.sort().join(' and ')}; leave one of them.`);
  }
  return version;
}

function readDefinitions(from: string, version: string): Definitions {
  const name = crdFileName(version);
  const lines = gunzip(readFileSync(path.join(from, name)), name)
    .split('\n')
    .filter((line) => line.trim() !== '');
  return definitionsOf(
    lines.map((line, index) => {
      const where = `line ${index + 1} of ${name}`;
      return { where, value: parseJson(line, where) };
    }),
  );
}

function gunzip(bytes: Buffer, name: string): string {
  try {
    return gunzipSync(bytes).toString('utf8');
  } catch (cause) {
    throw new ImportError(`The file ${name} is no gzip file.`, { cause });
  }
}
