import { environmentSchema, type EnvironmentFile } from './environment.ts';
import type { ConfigProblem } from './problems.ts';
import { PLACEHOLDER_ACCOUNT } from './rules.ts';
import { shown } from './text.ts';
import { defaultOf } from './schema.ts';

/** An environment file that is right by itself. */
export interface OneFile {
  readonly file: string;
  readonly config: EnvironmentFile;
}

/**
 * What is wrong between files that are right by themselves. That no two environments have one name, and with it one
 * namespace, follows from the names of their files.
 */
export function problemsTogether(environments: readonly OneFile[]): readonly ConfigProblem[] {
  return [...sharedDomains(environments), ...accountOwners(environments)];
}

/** Names that an environment has in DNS: its own, and those of its APIs. */
function hostNames({ domainName }: EnvironmentFile): readonly string[] {
  return [domainName, `api.${domainName}`, `ws.${domainName}`];
}

function sharedDomains(environments: readonly OneFile[]): readonly ConfigProblem[] {
  const owners = new Map<string, string>();
  return environments.flatMap(({ file, config }) => {
    const names = hostNames(config);
    const taken = names.find((name) => owners.has(name));
    const owner = owners.get(taken ?? '') ?? '';
    for (const name of names) if (!owners.has(name)) owners.set(name, file);
    if (taken === undefined) return [];
    const message = `${file}: domainName is ${shown(config.domainName)}, but ${taken} is a name of ${owner} already; give each environment its own.`;
    return [{ file, path: 'domainName', message }];
  });
}

/** One environment an account and region has what AWS gives once there. */
function accountOwners(environments: readonly OneFile[]): readonly ConfigProblem[] {
  // One that is to be filled in is shared with nobody.
  const known = environments.filter(({ config }) => config.account !== PLACEHOLDER_ACCOUNT);
  const places = [...new Set(known.map(placeOf))];
  return places.flatMap((place) => {
    const sharing = known.filter((environment) => placeOf(environment) === place);
    const [owner, ...more] = sharing.filter(({ config }) => scopeOf(config) === 'owner');
    if (owner === undefined) return nobodyOwns(place, sharing);
    return more.map(({ file, config }) => {
      const scope = config.accountScope === undefined ? '"owner" unless said otherwise' : '"owner"';
      const message = `${file}: accountScope is ${scope}, but ${owner.file} owns ${place}; write "member" in one of the two.`;
      return { file, path: 'accountScope', message };
    });
  });
}

function nobodyOwns(place: string, sharing: readonly OneFile[]): readonly ConfigProblem[] {
  const all = sharing.map(({ file }) => file).join(', ');
  return sharing.slice(0, 1).map(({ file }) => {
    const message = `${file}: accountScope is "member", but nobody owns ${place}; write "owner" in one of ${all}.`;
    return { file, path: 'accountScope', message };
  });
}

interface Place {
  readonly config: Pick<EnvironmentFile, 'account' | 'region'>;
}

/** What shares the account-wide things with this environment has the same place. */
export function placeOf({ config: { account, region } }: Place): string {
  return `account ${account} in ${region ?? String(defaultOf(environmentSchema.shape.region))}`;
}

function scopeOf({ accountScope }: EnvironmentFile): string {
  return accountScope ?? String(defaultOf(environmentSchema.shape.accountScope));
}
