import { readdirSync, readFileSync } from 'node:fs';
import { DEFAULT_REGION, type EnvironmentConfig } from '../config/environment.ts';
import { parseEnvironments, type ParsedEnvironment } from '../config/parse.ts';
import { namespaceOf } from '../crossplane/definition/context.ts';
import { API_VERSION } from '../crossplane/definition/definition.ts';
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
  readonly config: EnvironmentConfig;
  readonly object: KubernetesObject;
  readonly account: string;
  readonly region: string;
  readonly protectData: boolean;
}

/** Production last: what people read last stays on the screen. */
const ORDER = ['development', 'staging', 'production'];

/** Reads and checks all files of the folder together; throws a UserError with all problems of all of them. */
export function loadEnvironments(
  schemas: SchemaRegistry,
  release: Release,
  folder = 'config',
): readonly LoadedEnvironment[] {
  const names = readdirSync(`${ROOT}${folder}`)
    .filter((name) => /^[^.]+\.json$/.test(name))
    .sort();
  if (names.length === 0) throw new UserError([`${folder}/ has no environment file; add ${folder}/development.json.`]);
  const files = names.map((name) => ({
    path: `${folder}/${name}`,
    text: readFileSync(`${ROOT}${folder}/${name}`, 'utf8'),
  }));
  const { environments, problems } = parseEnvironments(files);
  const loaded = environments.map((environment) => load(environment, release));
  const broken = loaded.flatMap(({ file, object }) =>
    (schemas.find(object)?.validate(object) ?? []).map(({ path, message }) => ({
      file,
      message: `${file}: ${message.replace(/^spec\./, '')}`,
      path,
    })),
  );
  const sentences = [...problems, ...broken].map(({ message }) => message);
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

function load({ file, config }: ParsedEnvironment, checkout: Release): LoadedEnvironment {
  const release = { version: config.release ?? checkout.version };
  const object: KubernetesObject = {
    apiVersion: API_VERSION,
    kind: 'Environment',
    metadata: { name: config.environment, namespace: namespaceOf(config.environment) },
    spec: {
      ...asObject(JSON.parse(JSON.stringify(config))),
      crossplane: { compositionRef: { name: compositionName('Environment', release) } },
    },
  };
  return {
    name: config.environment,
    file,
    config,
    object,
    account: config.account,
    region: config.region ?? DEFAULT_REGION,
    protectData: config.protectData ?? true,
  };
}

function rank(name: string): number {
  return ORDER.includes(name) ? ORDER.indexOf(name) : -1;
}
