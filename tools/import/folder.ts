import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { EXTERNAL_NAMES } from '../../crossplane/schema/lock-format.ts';
import { ImportError } from './error.ts';
import { parseJson, parsed } from './read.ts';
import { definitionsOf, type Definitions, type Source } from './sources.ts';

/** Some kinds, none of which we use, have a class of their own; so the class is looked at only where it is needed. */
const externalNames = z.record(z.string(), z.object({ class: z.string() }));

/**
 * Reads the CRDs from the folder `from`: one JSON object a line in `provider-upjet-aws-<version>.ndjson.gz`, and how AWS
 * identities come about in `external-names-<version>.json`.
 */
export function readFolder(from: string): Source {
  if (!existsSync(from)) throw new ImportError(`The folder ${from} does not exist; give the CRD folder with --from.`);
  const version = versionIn(from);
  const name = `external-names-${version}.json`;
  const classes = parsed(externalNames, parseJson(readInput(from, name).toString('utf8'), name), name);
  return {
    version,
    definitions: readDefinitions(from, version),
    externalNameOf(service, kind) {
      const known = EXTERNAL_NAMES.find((one) => one === classes[`${service}/${kind}`]?.class);
      if (known === undefined) throw new ImportError(`The external name of ${service} ${kind} is not known.`);
      return known;
    },
  };
}

/** The version that the name of the one CRD file says. */
function versionIn(from: string): string {
  const found = readdirSync(from).flatMap((name) => /^provider-upjet-aws-(v.+)\.ndjson\.gz$/.exec(name)?.[1] ?? []);
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
  const name = `provider-upjet-aws-${version}.ndjson.gz`;
  const lines = gunzip(readInput(from, name), name)
    .split('\n')
    .filter((line) => line.trim() !== '');
  return definitionsOf(
    lines.map((line, index) => {
      const where = `line ${index + 1} of ${name}`;
      return { where, value: parseJson(line, where) };
    }),
  );
}

function readInput(from: string, name: string): Buffer {
  const file = path.join(from, name);
  if (!existsSync(file)) throw new ImportError(`The file ${name} is missing in ${from}.`);
  return readFileSync(file);
}

function gunzip(bytes: Buffer, name: string): string {
  try {
    return gunzipSync(bytes).toString('utf8');
  } catch (cause) {
    throw new ImportError(`The file ${name} is no gzip file.`, { cause });
  }
}
