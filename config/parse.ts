import { environmentSchema, fileSchema, type EnvironmentFile } from './environment.ts';
import { IDENTITY_KEY, isMovedAway, recordsSchema, type Records } from './identities.ts';
import { problemsOfMoves, type Recorded } from './moves.ts';
import type { ConfigProblem } from './problems.ts';
import { readFile, type ConfigFile } from './read.ts';
import { defaultOf } from './schema.ts';
import { pathText, shown } from './text.ts';
import { problemsTogether } from './together.ts';

export type { ConfigFile, ConfigProblem };

export interface ParsedEnvironment {
  readonly file: string;
  /** Exactly what the person wrote. */
  readonly config: EnvironmentFile;
  /** From the file of identities beside it; empty where there is none. */
  readonly identities: Records;
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
      return { environment, file: file.path, hasOwner, ...identitiesIn(file, environment, hasOwner) };
    });
  const parsed = named
    .filter(({ holds }) => holds === 'environment')
    .map(({ environment, file }) => {
      const identities = recorded.find((one) => one.environment === environment)?.identities ?? {};
      return environmentIn(file, environment, identities);
    });
  const environments = parsed.flatMap(({ environment }) => environment);
  const problems = [...parsed, ...recorded].flatMap((result) => result.problems);
  const moves = problemsOfMoves(
    recorded.map(({ environment, file, hasOwner, identities }): Recorded => {
      const owner = environments.find(({ config }) => config.environment === environment);
      const protectData = owner?.config.protectData ?? defaultOf(environmentSchema.shape.protectData) === true;
      return { file, environment, records: identities, protectData, isThere: hasOwner };
    }),
  );
  return { environments, problems: [...problems, ...problemsTogether(environments), ...moves] };
}

interface EnvironmentResult {
  readonly environment: readonly ParsedEnvironment[];
  readonly problems: readonly ConfigProblem[];
}

function environmentIn(file: ConfigFile, name: string, identities: Records): EnvironmentResult {
  const read = readFile(file, fileSchema);
  if ('problems' in read) return { environment: [], problems: read.problems };
  const { value: config } = read;
  const { path } = file;
  if (config.environment === name) return { environment: [{ file: path, config, identities }], problems: [] };
  const message = `${path}: environment is ${shown(config.environment)}; write ${shown(name)}, or call the file ${config.environment}.json.`;
  return { environment: [], problems: [{ file: path, path: 'environment', message }] };
}

interface IdentitiesResult {
  readonly identities: Records;
  readonly problems: readonly ConfigProblem[];
}

function identitiesIn(file: ConfigFile, environment: string, hasOwner: boolean): IdentitiesResult {
  const read = readFile(file, recordsSchema);
  const { path } = file;
  const problem = (at: string, message: string): ConfigProblem => ({ file: path, path: at, message });
  const records = 'problems' in read ? [] : Object.values(read.value);
  // What an environment has given away is said for as long as the other one has it, also once the first is gone.
  const isNeeded = hasOwner || (records.length > 0 && records.every(isMovedAway));
  const lonely = isNeeded
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
