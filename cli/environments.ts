import { readdirSync, readFileSync } from 'node:fs';
import { environmentSchema, specOf, type EnvironmentFile } from '../config/environment.ts';
import { identitiesOf, type Records } from '../config/identities.ts';
import { fileName, parseEnvironments, type ConfigFile, type ParsedEnvironment } from '../config/parse.ts';
import { namespaceOf } from '../crossplane/definition/context.ts';
import { API_VERSION } from '../crossplane/definition/api.ts';
import { compositionName, type Release } from '../crossplane/definition/release.ts';
import { asObject } from '../crossplane/schema/json.ts';
import type { SchemaRegistry } from '../crossplane/schema/registry.ts';
import type { KubernetesObject } from '../imports/base.ts';
import { UserError } from './errors.ts';
import { ROOT } from './project.ts';

/** An environment as its file describes it, and the object that the cluster gets. */
export interface LoadedEnvironment {
  readonly name: string;
  /** Path of the file, as messages call it. */
  readonly file: string;
  readonly config: EnvironmentFile;
  readonly object: KubernetesObject;
  readonly account: string;
  readonly region: string;
  readonly protectData: boolean;
  /** What its file of identities says, moves included. */
  readonly records: Records;
}

/** What editors read; generated. */
const SCHEMA_FILE = 'environment.schema.json';

/** Production last: what people read last stays on the screen. */
const ORDER = ['development', 'staging', 'production'];

/** Folder of the environment files in the checkout. */
export const CONFIG = 'config';

/** The environment files and those beside them, in the order of their names; throws for one that nobody would read. */
export function readConfig(): readonly ConfigFile[] {
  const names = readdirSync(`${ROOT}${CONFIG}`)
    .filter((name) => name.endsWith('.json') && name !== SCHEMA_FILE)
    .sort();
  const unnamed = names.filter((name) => fileName(name) === undefined);
  if (unnamed.length > 0) {
    throw new UserError(
      unnamed.map(
        (name) =>
          `${CONFIG}/${name} is no file that OwlNest reads; call it <environment>.json or <environment>.identities.json, or put it elsewhere.`,
      ),
    );
  }
  return names.map((name) => ({
    path: `${CONFIG}/${name}`,
    text: readFileSync(`${ROOT}${CONFIG}/${name}`, 'utf8'),
  }));
}

/** Reads and checks all files together; throws a UserError with all problems of all of them. */
export function loadEnvironments(schemas: SchemaRegistry, release: Release): readonly LoadedEnvironment[] {
  const files = readConfig();
  if (files.length === 0) {
    throw new UserError([`${CONFIG}/ has no environment file; owlnest new environment development writes one.`]);
  }
  return environmentsIn(files, schemas, release);
}

/** The environments of files that are read already; throws a UserError with all problems of all of them. */
export function environmentsIn(
  files: readonly ConfigFile[],
  schemas: SchemaRegistry,
  release: Release,
): readonly LoadedEnvironment[] {
  const { environments, problems } = parseEnvironments(files);
  const loaded = environments.map((environment) => load(environment, release));
  const broken = loaded.flatMap(({ file, object }) =>
    (schemas.find(object)?.validate(object) ?? []).map(({ message }) => `${file}: ${message.replace(/^spec\./, '')}`),
  );
  const sentences = [...problems.map(({ message }) => message), ...broken];
  if (sentences.length > 0) throw new UserError(sentences);
  return [...loaded].sort((one, other) => rank(one.name) - rank(other.name));
}

/** The environments of these names, all when none is named. */
export function selectEnvironments(
  all: readonly LoadedEnvironment[],
  names: readonly string[],
): readonly LoadedEnvironment[] {
  const unknown = names.filter((name) => !all.some((environment) => environment.name === name));
  if (unknown.length > 0) {
    const known = all.map(({ name }) => name).join(', ');
    throw new UserError(unknown.map((name) => `There is no environment ${name}; config/ describes ${known}.`));
  }
  return names.length === 0 ? all : all.filter(({ name }) => names.includes(name));
}

function load({ file, config, identities: records }: ParsedEnvironment, checkout: Release): LoadedEnvironment {
  const release = { version: config.release ?? checkout.version };
  const spec = {
    ...specOf(config),
    ...(Object.keys(records).length === 0 ? {} : { identities: identitiesOf(records) }),
  };
  const { environment, account, region, protectData } = environmentSchema.parse(spec);
  const object: KubernetesObject = {
    apiVersion: API_VERSION,
    kind: 'Environment',
    metadata: { name: environment, namespace: namespaceOf(environment) },
    spec: {
      ...asObject(JSON.parse(JSON.stringify(spec))),
      crossplane: { compositionRef: { name: compositionName('Environment', release) } },
    },
  };
  return { name: environment, file, config, object, account, region, protectData, records };
}

function rank(name: string): number {
  return ORDER.includes(name) ? ORDER.indexOf(name) : -1;
}
