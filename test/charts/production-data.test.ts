/** Production cannot lose data by any edit of the config files. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { environmentsIn, type LoadedEnvironment } from '../../cli/environments.ts';
import { UserError } from '../../cli/errors.ts';
import { convergeEnvironment, type ConvergedEnvironment } from '../../cli/rendering.ts';
import { sharedNames } from '../../cli/shared-names.ts';
import { openToolchain } from '../../cli/toolchain.ts';
import { EmbeddedControlPlane } from '../../crossplane/embedded/control-plane.ts';
import type { AwsResource } from '../../crossplane/embedded/aws.ts';
import { standInProvider, type StandInProvider } from '../../crossplane/embedded/provider.ts';
import { keyOf } from '../../crossplane/embedded/api-server.ts';
import { GUARDS_DATA_LABEL, HOLDS_DATA_LABEL } from '../../crossplane/reference/marks.ts';
import { asObject } from '../../crossplane/schema/json.ts';
import type { Json, JsonObject } from '../../imports/base.ts';
import { layerAtRest } from '../support/layer.ts';
import { layers } from './layers.ts';

const toolchain = openToolchain();
const DATA = Object.values(layers).map(({ data }) => data);
const HOMES = new Set(DATA.map(({ home }) => home));
const NAMES = ['development', 'staging', 'production'];
/** The files as they are in git: path → what it holds. */
type Files = Readonly<Record<string, JsonObject>>;

const pathOf = (name: string) => `config/${name}.json`;
const committed: Files = Object.fromEntries(
  NAMES.map((name) => [
    pathOf(name),
    JSON.parse(readFileSync(new URL(`../../config/${name}.json`, import.meta.url), 'utf8')) as JsonObject,
  ]),
);

/** A cluster with all environments, and an AWS with as many accounts as they name. */
class Platform {
  readonly #accounts = new Map<string, StandInProvider>();
  /** Account of each namespace: its ProviderConfig. */
  readonly #providerConfigs = new Map<string, string>();
  readonly #plane: EmbeddedControlPlane;
  #environments: readonly LoadedEnvironment[] = [];
  /** What the API server said against the last commit. */
  refusals: readonly string[] = [];

  constructor() {
    const through = (namespace = '') => this.#account(this.#providerConfigs.get(namespace) ?? '');
    this.#plane = new EmbeddedControlPlane(toolchain.composer, toolchain.schemas, {
      reconcile: (object) => through(object.metadata.namespace).reconcile(object),
      remove: (object) => through(object.metadata.namespace).remove(object),
    });
  }

  #account(id: string): StandInProvider {
    const provider = this.#accounts.get(id) ?? standInProvider(id, toolchain.schemas);
    this.#accounts.set(id, provider);
    return provider;
  }

  /** What a commit does: its environments are applied, and those that are in no file any more are pruned. */
  deploy(files: Files): 'refused' | 'applied' {
    const environments = check(files);
    if (environments === undefined) return 'refused';
    const names = environments.map(({ name }) => name);
    for (const { name, object } of this.#environments) if (!names.includes(name)) this.#plane.remove(keyOf(object));
    for (const { object, account } of environments) this.#configure(object.metadata.namespace ?? '', account);
    // What the API server refuses stays as it was; Argo CD says so.
    this.refusals = environments.flatMap(({ object }) => this.#plane.apply(object)).map(({ message }) => message);
    this.#environments = environments;
    return 'applied';
  }

  /**
   * The ProviderConfig is applied whatever becomes of the Environment. The admission policy lets none change its account,
   * and the provider lets none go that a resource needs.
   */
  #configure(namespace: string, account: string): void {
    const isUsed = this.#plane.apiServer.list().some(({ metadata }) => metadata.namespace === namespace);
    if (!isUsed) this.#providerConfigs.set(namespace, account);
  }

  step(): boolean {
    return this.#plane.step();
  }

  /** Whether a file describes production. */
  get isDescribed(): boolean {
    return this.#environments.some(({ name }) => name === 'production');
  }

  /** Accounts and regions in which production has what it has once at home. */
  get homes(): readonly string[] {
    const tables = [...this.data().keys()].map((part) => part.split('|')).filter(([, , kind]) => HOMES.has(kind ?? ''));
    return [...new Set(tables.map(([account, , , region]) => `${account} ${region}`))];
  }

  /** What production's `allowRemoval` names. */
  get allowed(): readonly string[] {
    return this.#environments.find(({ name }) => name === 'production')?.config.allowRemoval ?? [];
  }

  /** Production's data in AWS, and what guards it: what it is → how AWS has it. */
  data(): ReadonlyMap<string, JsonObject> {
    return new Map(
      [...this.#accounts].flatMap(([account, { aws }]) =>
        [...aws].flatMap(([key, resource]) => partsOf(resource).map(([part, is]) => [`${account}|${key}|${part}`, is])),
      ),
    );
  }
}

/** What environments become; most of them stay as they are from commit to commit. */
const rendered = new Map<string, ConvergedEnvironment>();

function renderedOf(environment: LoadedEnvironment): ConvergedEnvironment {
  const key = JSON.stringify([environment.object, environment.records]);
  const found = rendered.get(key) ?? convergeEnvironment(environment, toolchain);
  rendered.set(key, found);
  // The environment is another one of the same content.
  return { ...found, environment };
}

/** Checks as `npm start` does, but for findings of one environment; `undefined` when the files are refused. */
function check(files: Files): readonly LoadedEnvironment[] | undefined {
  const environments = read(files);
  const shared = sharedNames((environments ?? []).map(renderedOf), toolchain.schemas);
  return shared.length > 0 ? undefined : environments;
}

/** Reads and checks the texts; `undefined` when they are refused. */
function read(files: Files): readonly LoadedEnvironment[] | undefined {
  const texts = Object.entries(files).map(([path, value]) => ({ path, text: JSON.stringify(value) }));
  try {
    return environmentsIn(texts, toolchain.schemas, toolchain.release);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** The resource itself and the entries of its lists that are data; nothing for what is not production's data. */
function partsOf(resource: AwsResource): readonly (readonly [string, JsonObject])[] {
  const { kind, forProvider } = resource;
  return DATA.flatMap(({ guarded, isProductions, entries }) => {
    const fields = guarded[kind];
    if (fields === undefined || !isProductions(resource)) return [];
    const { list, key, fields: ofEntries } = entries[kind] ?? { list: '', key: '', fields: [] };
    const value = forProvider[list];
    const parts = (Array.isArray(value) ? (value as readonly JsonObject[]) : []).map(
      (one) => [`${list} ${String(one[key])}`, only(one, ofEntries)] as const,
    );
    return [['itself', only(forProvider, fields)] as const, ...parts];
  });
}

function only(object: JsonObject, fields: readonly string[]): JsonObject {
  return Object.fromEntries(fields.map((field) => [field, object[field] ?? null]));
}

/** What is gone or other than before. */
function lost(before: ReadonlyMap<string, JsonObject>, after: ReadonlyMap<string, JsonObject>): readonly string[] {
  return [...before]
    .filter(([part, is]) => JSON.stringify(after.get(part)) !== JSON.stringify(is))
    .map(([part]) => part);
}

function isAllowed(part: string, allowed: readonly string[]): boolean {
  return DATA.flatMap(({ removals }) => removals).some(([form, entry]) => {
    const match = form.exec(part);
    return match !== null && allowed.includes(entry.replace('$1', match[1] ?? ''));
  });
}

/** Deploys a commit and lets everything come to rest, looking after each pass. */
function commit(platform: Platform, files: Files): 'refused' | 'applied' {
  let before = platform.data();
  const { isDescribed, homes } = platform;
  const outcome = platform.deploy(files);
  for (let pass = 1; platform.step(); pass += 1) {
    if (pass > 100) throw new Error('The platform does not come to rest.');
    const after = platform.data();
    const gone = lost(before, after);
    expect(gone.filter((part) => !isAllowed(part, platform.allowed))).toEqual([]);
    // What may go loses its protection first.
    if (pass === 1) expect(gone.filter((part) => !after.has(part))).toEqual([]);
    before = after;
  }
  // What goes on being there is nowhere else, beside its data, either.
  if (isDescribed && platform.isDescribed) expect(platform.homes).toEqual(homes);
  return outcome;
}

const REGIONS = ['ap-northeast-1', 'ap-northeast-3', 'us-east-1', 'eu-west-1'];
const ACCOUNTS = ['123456789012', '210987654321', '345678901234', '999999999999'];

/** Values that a person may write at a path; not all of them are right. */
const SETTINGS: readonly (readonly [string, fc.Arbitrary<Json>])[] = [
  ['environment', fc.constantFrom(...NAMES, 'europe')],
  ['tier', fc.constantFrom('development', 'staging', 'production')],
  ['account', fc.constantFrom(...ACCOUNTS)],
  ['region', fc.constantFrom(...REGIONS)],
  ['replicaRegion', fc.constantFrom(...REGIONS)],
  ['accountScope', fc.constantFrom('owner', 'member')],
  ['domainName', fc.constantFrom('owlnest.example', 'other.example', 'dev.owlnest.example')],
  ['protectData', fc.boolean()],
  ['tags', fc.constantFrom<Json>({}, { owner: 'me' }, { environment: 'development' })],
  ['release', fc.constantFrom('0.1.0', '9.9.9')],
  ['allowRemoval', fc.subarray(DATA.flatMap(({ allowRemoval }) => [...allowRemoval]))],
  ...DATA.flatMap(({ settings }) => settings),
];

type Edit = (files: Files) => Files;

const anyPath = fc.constantFrom(...Object.keys(committed));

/** Change: production most of the time. */
const change: fc.Arbitrary<Edit> = fc
  .tuple(
    fc.oneof({ weight: 3, arbitrary: fc.constant(pathOf('production')) }, anyPath),
    fc.oneof(...SETTINGS.map(([path, values]) => values.map((value) => [path, value] as const))),
  )
  .map(([file, [path, value]]) => (files) => ({
    ...files,
    [file]: withValue(files[file] ?? {}, path.split('.'), value),
  }));

/** Remove a setting, switch it off. */
const removal: fc.Arbitrary<Edit> = fc
  .tuple(anyPath, fc.constantFrom(...SETTINGS.map(([path]) => path)))
  .map(([file, path]) => (files) => ({ ...files, [file]: withValue(files[file] ?? {}, path.split('.'), undefined) }));

const removedFile: fc.Arbitrary<Edit> = anyPath.map((file) => (files) => without(files, file));

const renamedFile: fc.Arbitrary<Edit> = fc
  .tuple(anyPath, fc.constantFrom(...NAMES, 'europe'))
  .map(([file, name]) => (files) => {
    const content = files[file];
    return content === undefined ? files : { ...without(files, file), [pathOf(name)]: content };
  });

const broughtBack: fc.Arbitrary<Edit> = anyPath.map((file) => (files) => ({ ...files, [file]: committed[file] ?? {} }));

/** A new environment in production's account, that protects nothing. */
const newFile: Edit = (files) => ({
  ...files,
  [pathOf('europe')]: {
    ...committed[pathOf('production')],
    environment: 'europe',
    tier: 'development',
    domainName: 'europe.owlnest.example',
    accountScope: 'member',
    protectData: false,
  },
});

/** Another record of what AWS calls a resource, right or wrong, in any environment, a new one among them. */
const record: fc.Arbitrary<Edit> = fc
  .record({
    name: fc.constantFrom(...NAMES, 'europe', 'europe'),
    layer: fc.constantFrom(...Object.keys(layers)),
    resource: fc.constantFrom(...DATA.flatMap(({ recorded }) => recorded.resources)),
    externalName: fc.constantFrom(...DATA.flatMap(({ recorded }) => recorded.names)),
    mode: fc.constantFrom('adopt', 'owned'),
  })
  .map(({ name, layer, resource, externalName, mode }) => (files) => {
    const [kind = '', id = ''] = resource.split('/');
    const key = `${kind}.aws.m.upbound.io/${name}-${layer}-${id}`;
    const there = name === 'europe' ? newFile(files) : files;
    return { ...there, [`config/${name}.identities.json`]: { [key]: { externalName, mode } } };
  });

function without(files: Files, file: string): Files {
  return Object.fromEntries(Object.entries(files).filter(([path]) => path !== file));
}

/** A setting to its value, or left out. */
function withValue(object: JsonObject, [key = '', ...rest]: readonly string[], value: Json | undefined): JsonObject {
  const { [key]: old, ...others } = object;
  const next = rest.length === 0 ? value : withValue(asObject(old), rest, value);
  return next === undefined ? others : { ...others, [key]: next };
}

/** A commit changes a few things at once. */
const commits = fc.array(
  fc.array(
    fc.oneof(
      { weight: 8, arbitrary: change },
      { weight: 2, arbitrary: removal },
      { weight: 1, arbitrary: removedFile },
      { weight: 1, arbitrary: renamedFile },
      { weight: 1, arbitrary: broughtBack },
      { weight: 2, arbitrary: record },
    ),
    { minLength: 1, maxLength: 3 },
  ),
  { minLength: 1, maxLength: 4 },
);

function edited(files: Files, edits: readonly Edit[]): Files {
  return edits.reduce((before, edit) => edit(before), files);
}

/** All environments as they are committed, at rest. */
function start(): Platform {
  const platform = new Platform();
  expect(commit(platform, committed)).toBe('applied');
  return platform;
}

const replicaOff: Edit = (files) => {
  const production = files[pathOf('production')] ?? {};
  const withoutTable = withValue(production, ['storage', 'table', 'replica'], false);
  return { ...files, [pathOf('production')]: withValue(withoutTable, ['storage', 'files', 'replica'], false) };
};

const allow =
  (...entries: readonly string[]): Edit =>
  (files) => ({
    ...files,
    [pathOf('production')]: { ...files[pathOf('production')], allowRemoval: entries },
  });

/** Edits of production that would have its data made anew elsewhere, and what is said against each. */
const MOVES: readonly (readonly [JsonObject, string])[] = [
  [{ account: '999999999999' }, 'the account of an environment cannot change, since its data is there'],
  [{ region: 'us-east-1' }, 'the region of an environment cannot change, since its data is there'],
  [{ replicaRegion: 'us-east-1' }, 'replicas cannot move, since their data is there'],
];

describe("production's data", () => {
  it('outlives every series of commits, but for what allowRemoval names, and that goes in two passes', () => {
    fc.assert(
      fc.property(commits, (series) => {
        const platform = start();
        let files = committed;
        for (const edits of series) {
          const next = edited(files, edits);
          // What the check refuses never leaves the branch.
          if (commit(platform, next) === 'applied') files = next;
        }
      }),
      { numRuns: Number(process.env['OWLNEST_DATA_RUNS'] ?? 6) },
    );
  }, 600_000);

  it('stays when all files go', () => {
    const platform = start();
    const before = platform.data();
    const last = without(without(committed, pathOf('production')), pathOf('staging'));
    expect(commit(platform, last)).toBe('applied');
    expect(lost(before, platform.data())).toEqual([]);
    expect(before.size).toBeGreaterThan(30);
  });

  it('stays when replicas are switched off, until all that needs them is named', () => {
    const platform = start();
    const copies = () => [...platform.data().keys()].filter((part) => /\|ReplicaKey\||\|replica /.test(part)).length;
    expect(copies()).toBe(2);
    expect(commit(platform, replicaOff(committed))).toBe('applied');
    expect(copies()).toBe(2);
    const key = 'storage/ReplicaKey/production-storage-data-replica-key';
    commit(platform, edited(committed, [replicaOff, allow(key)]));
    // The table and the bucket of copies still need the key.
    expect(copies()).toBe(2);
    const table = 'storage/Table/production-storage-main-table.ap-northeast-3';
    commit(platform, edited(committed, [replicaOff, allow(key, table)]));
    expect(copies()).toBe(1);
    const buckets = platform.data().size;
    const store = 'storage/ObjectStore/production-storage-replica-files';
    commit(platform, edited(committed, [replicaOff, allow(key, table, store)]));
    expect(copies()).toBe(0);
    // A bucket with objects in it is for a person to empty.
    expect(platform.data().size).toBe(buckets - 1);
  });

  it('is not taken by a new environment, nor by production under another name', () => {
    const taking = (name: string): JsonObject =>
      Object.fromEntries(
        Object.entries(layers).flatMap(([layer, { data }]) =>
          Object.entries(data.recorded.productions).map(([resource, externalName]) => {
            const [kind = '', id = ''] = resource.split('/');
            return [`${kind}.aws.m.upbound.io/${name}-${layer}-${id}`, { externalName, mode: 'owned' }];
          }),
        ),
      );
    const platform = start();
    const before = [...platform.data()];
    const europe = newFile(committed);
    for (const [key, value] of Object.entries(taking('europe'))) {
      expect(commit(platform, { ...europe, 'config/europe.identities.json': { [key]: value } })).toBe('refused');
    }
    const production = committed[pathOf('production')] ?? {};
    const prod = { ...production, environment: 'prod', tier: 'development', protectData: false };
    for (const [key, value] of Object.entries(taking('prod'))) {
      const files = { ...without(committed, pathOf('production')), [pathOf('prod')]: prod };
      expect(commit(platform, { ...files, 'config/prod.identities.json': { [key]: value } })).toBe('refused');
    }
    expect([...platform.data()]).toEqual(before);
  });

  it.each(Object.entries(layers))(
    'of %s is all that says so, with its guards, and nothing else is looked at',
    (_, layer) => {
      const { plane } = layerAtRest(layer.rendered, layer.rendered.everything);
      const marked = plane.apiServer.list().filter(({ apiVersion, metadata: { labels = {} } }) => {
        return apiVersion.includes('.aws.m.') && (HOLDS_DATA_LABEL in labels || GUARDS_DATA_LABEL in labels);
      });
      const kinds = new Set(marked.map(({ kind }) => kind));
      expect([...kinds].sort()).toEqual(Object.keys(layer.data.guarded).sort());
    },
  );

  it.each(MOVES)('does not move: the API server refuses %j', (change, refusal) => {
    const platform = start();
    const before = platform.data();
    const edit: Edit = (files) => ({
      ...files,
      [pathOf('production')]: { ...files[pathOf('production')], ...change },
    });
    expect(commit(platform, edit(committed))).toBe('applied');
    expect(platform.refusals).toEqual([expect.stringContaining(refusal)]);
    expect([...platform.data()]).toEqual([...before]);
    // It goes on as before.
    expect(commit(platform, committed)).toBe('applied');
    expect(platform.refusals).toEqual([]);
  });

  it('goes on in the region that nobody wrote, once somebody writes it or leaves it out', () => {
    const platform = start();
    const production = committed[pathOf('production')] ?? {};
    for (const region of [undefined, 'ap-northeast-1']) {
      commit(platform, { ...committed, [pathOf('production')]: withValue(production, ['region'], region) });
      expect(platform.refusals).toEqual([]);
    }
  });

  it('stays where its replicas are, even when these are off for a while', () => {
    const platform = start();
    const before = [...platform.data()];
    const elsewhere: Edit = (files) => ({
      ...files,
      [pathOf('production')]: { ...files[pathOf('production')], replicaRegion: 'us-east-1' },
    });
    commit(platform, replicaOff(committed));
    commit(platform, elsewhere(committed));
    expect(platform.refusals).toEqual([]);
    expect([...platform.data()]).toEqual(expect.arrayContaining(before));
  });

  it('is what the edits above are about: most of them pass the check, some do not', () => {
    const outcomes = fc
      .sample(commits, { numRuns: 200, seed: 1 })
      .map((series) => read(edited(committed, series.flat())));
    const applied = outcomes.filter((environments) => environments !== undefined).length;
    expect(applied).toBeGreaterThan(50);
    expect(applied).toBeLessThan(190);
  });
});
