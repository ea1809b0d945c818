import type { z } from 'zod';
import { fileSchema, type EnvironmentFile } from './environment.ts';
import { IDENTITY_KEY, identitiesSchema } from './identities.ts';
import type { ConfigProblem } from './problems.ts';
import { readFile, type ConfigFile } from './read.ts';
import { pathText, shown } from './text.ts';
import { problemsTogether } from './together.ts';

export type { ConfigFile, ConfigProblem };

export type Identities = z.infer<typeof identitiesSchema>;

export interface ParsedEnvironment {
  readonly file: string;
  /** Exactly what the person wrote. */
  readonly config: EnvironmentFile;
  /** From the file of identities beside it; empty where there is none. */
  readonly identities: Identities;
}

export interface ParsedEnvironments {
  readonly environments: readonly ParsedEnvironment[];
  readonly problems: readonly ConfigProblem[];
}

/** What a file is, by its name, and the environment that it belongs to. */
interface FileName {
  readonly environment: string;
  readonly holds: 'environment' | 'identities';
}

/** `undefined` for a name that no file of ours has: a misspelt one would be passed over otherwise. */
export function fileName(path: string): FileName | undefined {
  const [, environment = '', identities] = /(?:^|\/)([^./]+)(\.identities)?\.json$/.exec(path) ?? [];
  if (environment === '') return undefined;
  return { environment, holds: identities === undefined ? 'environment' : 'identities' };
}

/** All environments, or all problems of all files together. */
export function parseEnvironments(files: readonly ConfigFile[]): ParsedEnvironments {
  const named = files.flatMap((file) => {
    const name = fileName(file.path);
    return name === undefined ? [] : [{ ...name, file }];
  });
  const recorded = named
    .filter(({ holds }) => holds === 'identities')
    .map(({ environment, file }) => {
      const hasOwner = named.some((other) => other.holds === 'environment' && other.environment === environment);
      return { environment, ...identitiesIn(file, environment, hasOwner) };
    });
  const parsed = named
    .filter(({ holds }) => holds === 'environment')
    .map(({ environment, file }) => {
      const identities = recorded.find((one) => one.environment === environment)?.identities ?? {};
      return environmentIn(file, environment, identities);
    });
  const environments = parsed.flatMap(({ environment }) => environment);
  const problems = [...parsed, ...recorded].flatMap((result) => result.problems);
  return { environments, problems: [...problems, ...problemsTogether(environments)] };
}

interface EnvironmentResult {
  readonly environment: readonly ParsedEnvironment[];
  readonly problems: readonly ConfigProblem[];
}

function environmentIn(file: ConfigFile, name: string, identities: Identities): EnvironmentResult {
  const read = readFile(file, fileSchema);
  if ('problems' in read) return { environment: [], problems: read.problems };
  const { value: config } = read;
  const { path } = file;
  if (config.environment === name) return { environment: [{ file: path, config, identities }], problems: [] };
  const message = `${path}: environment is ${shown(config.environment)}; write ${shown(name)}, or call the file ${config.environment}.json.`;
  return { environment: [], problems: [{ file: path, path: 'environment', message }] };
}

interface IdentitiesResult {
  readonly identities: Identities;
  readonly problems: readonly ConfigProblem[];
}

function identitiesIn(file: ConfigFile, environment: string, hasOwner: boolean): IdentitiesResult {
  const read = readFile(file, identitiesSchema);
  const { path } = file;
  const problem = (at: string, message: string): ConfigProblem => ({ file: path, path: at, message });
  const lonely = hasOwner
    ? []
    : [problem('', `${path} records identities of no environment; add ${environment}.json beside it, or remove it.`)];
  if ('problems' in read) return { identities: {}, problems: [...lonely, ...read.problems] };
  const unreadable = Object.keys(read.value)
    .filter((key) => !IDENTITY_KEY.test(key))
    .map((key) => {
      const at = pathText([key]);
      return problem(at, `${path}: ${at} is no resource; write <Kind>.<group>/<name>, as status.identities does.`);
    });
  return { identities: read.value, problems: [...lonely, ...unreadable] };
}
