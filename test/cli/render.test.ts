import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { asObject } from '../../crossplane/schema/json.ts';
import type { KubernetesObject } from '../../imports/base.ts';
import {
  callOwlnest,
  changedConfig,
  owlnest,
  project,
  removeFolders,
  run,
  started,
  temporaryFolder,
  treeOf,
  type Result,
} from './command.ts';

const ENVIRONMENTS = ['development', 'staging', 'production'];

type Tree = Readonly<Record<string, string>>;

/** The tree without the one file that may differ from run to run. */
function lasting(folder: string): Tree {
  const { 'summary.json': _, ...rest } = treeOf(folder);
  return rest;
}

let out: string;
let first: Result;
let tree: Tree;

beforeAll(async () => {
  out = join(temporaryFolder(), 'dist');
  first = await owlnest(['render', '--out', out]);
  tree = existsSync(out) ? treeOf(out) : {};
}, 60_000);
afterAll(removeFolders);

describe('owlnest render', () => {
  it('writes the whole tree', () => {
    expect(first).toMatchObject({ code: 0 });
    const paths = Object.keys(tree);
    expect(paths.filter((path) => !/^platform\/|\/policies\//.test(path))).toEqual(
      [
        ...ENVIRONMENTS.map((name) => `environments/${name}/environment.yaml`),
        ...ENVIRONMENTS.flatMap((name) =>
          ['composites.yaml', 'identity.yaml', 'inventory.txt', 'storage.yaml'].map(
            (file) => `preview/${name}/${file}`,
          ),
        ),
        'summary.json',
      ].sort(),
    );
    expect(paths.filter((path) => /^platform\/\d\d-[a-z]+\.yaml$/.test(path)).length).toBeGreaterThan(4);
    expect(Object.values(tree).filter((text) => text === '')).toEqual([]);
  });

  it('writes plain text where nobody watches', () => {
    expect(first.stdout).not.toContain('\u001b');
    expect(first.stderr).not.toContain('\u001b');
    expect(first.stderr).toContain('production: converging\n');
  });

  it('writes YAML with objects that kubectl takes', () => {
    for (const [path, text] of Object.entries(tree).filter(([name]) =>
      /^(platform\/\d|environments|preview).*yaml$/.test(name),
    )) {
      for (const document of parseAllDocuments(text)) {
        expect([path, document.errors, document.warnings]).toEqual([path, [], []]);
        expect(document.toJS()).toMatchObject({ apiVersion: expect.any(String), kind: expect.any(String) });
      }
    }
  });

  it('writes the numbers that its table shows', () => {
    const summary = JSON.parse(tree['summary.json'] ?? '') as { environments: object; milliseconds: number };
    expect(Object.keys(summary)).toEqual(['environments', 'milliseconds']);
    expect(Object.keys(summary.environments)).toEqual(ENVIRONMENTS);
    for (const [name, environment] of Object.entries(summary.environments) as [string, object][]) {
      // Production has one key more, and two rules of Contributor Insights for the table and each of its two indexes.
      const usd = name === 'production' ? 4 + 6 * 0.5 : 3;
      const numbers = {
        composites: expect.any(Number),
        resources: expect.any(Number),
        waiting: 0,
        findings: 0,
        fixedUsdPerMonth: usd,
        knownUsdPerMonth: usd,
        pricesNotKnown: [],
      };
      // A user pool is paid for each active user.
      const identity = { ...numbers, fixedUsdPerMonth: 0, knownUsdPerMonth: 0 };
      expect(environment).toEqual({ ...numbers, passes: expect.any(Number), layers: { identity, storage: numbers } });
    }
    for (const name of ENVIRONMENTS) expect(first.stdout).toMatch(new RegExp(`│ ${name} +│ all +│`));
    expect(first.stdout).toMatch(/Wrote .*dist\/ in \d+\.\d s\.\n$/);
  });

  it('marks every preview, and says where each object comes from', () => {
    const previews = ['identity', 'storage'].map((layer) => tree[`preview/production/${layer}.yaml`] ?? '');
    const objects = previews.flatMap((text) =>
      parseAllDocuments(text).map(
        (document) => document.toJS() as { kind: string; metadata: { annotations: Record<string, string> } },
      ),
    );
    expect(objects.length).toBeGreaterThan(50);
    for (const { metadata } of objects) {
      expect(metadata.annotations).toMatchObject({
        'owlnest.io/preview': 'true',
        'owlnest.io/source': expect.stringMatching(/^charts\/.*\.ts$/),
        'owlnest.io/config': expect.stringMatching(/^(identity|storage|replicaRegion)/),
        'owlnest.io/composite': expect.stringMatching(/^[A-Z]\w+\/production/),
      });
    }
    expect(tree['preview/production/inventory.txt']?.split('\n')).toHaveLength(objects.length + 1);
  });

  it('labels every object of an environment with the environment, its layer and its store', () => {
    const objects = parseAllDocuments(tree['preview/production/storage.yaml'] ?? '').map(
      (document) => document.toJS() as KubernetesObject,
    );
    const places = objects.map(({ metadata: { labels = {} } }) =>
      ['environment', 'layer', 'store'].map((word) => labels[`owlnest.io/${word}`] ?? '-').join(' '),
    );
    expect([...new Set(places)].sort()).toEqual([
      'production storage -',
      ...['artifacts', 'files', 'logs', 'replica-files', 'replica-logs', 'reports', 'website'].map(
        (store) => `production storage ${store}`,
      ),
    ]);
  });

  it('groups a preview by composite under headings, and shows no condition that the stand-in has made up', () => {
    const text = tree['preview/production/storage.yaml'] ?? '';
    expect(text.match(/^# \w+ [a-z-]+/gm)).toEqual([
      '# Storage production-storage',
      ...['artifacts', 'files', 'logs', 'replica-files', 'replica-logs', 'reports', 'website'].map(
        (store) => `# ObjectStore production-storage-${store}`,
      ),
    ]);
    const objects = parseAllDocuments(text).map((document) => document.toJS() as KubernetesObject);
    expect(objects.filter(({ status }) => status?.['conditions'] !== undefined)).toEqual([]);
    expect(objects.filter(({ status }) => status?.['atProvider'] === undefined)).toEqual([]);
  });

  it('writes each policy document as indented JSON, the same as in the previews', () => {
    const folder = 'preview/production/policies/';
    const files = Object.entries(tree).filter(([path]) => path.startsWith(folder));
    const objects = Object.entries(tree)
      .filter(([path]) => /^preview\/production\/(?!composites).*\.yaml$/.test(path))
      .flatMap(([, text]) => parseAllDocuments(text).map((document) => document.toJS() as KubernetesObject));
    const written = objects.flatMap(({ metadata, spec }) =>
      Object.entries(asObject(spec?.['forProvider']))
        .filter(([, value]) => typeof value === 'string' && value.includes('"Statement"'))
        .map(([field, value]) => [`${folder}${metadata.name}.${field}.json`, value] as const),
    );
    expect(files.map(([path, text]) => [path, JSON.stringify(JSON.parse(text))])).toEqual(
      written.sort(([one], [other]) => (one < other ? -1 : 1)),
    );
    expect(files.length).toBeGreaterThan(10);
    expect(files.every(([, text]) => text.startsWith('{\n  "Version"'))).toBe(true);
  });

  it('leaves no reference unresolved in a preview', () => {
    const unresolved = Object.entries(tree).filter(
      ([path, text]) => path !== 'summary.json' && text.includes('${owlnest:'),
    );
    expect(unresolved.map(([path]) => path)).toEqual([]);
  });

  it('changes nothing but the summary when it runs again, and leaves nothing beside', async () => {
    await callOwlnest(['render', '--out', out]);
    expect(lasting(out)).toEqual(lastingOf(tree));
    expect(readdirSync(join(out, '..'))).toEqual(['dist']);
  }, 30_000);

  it('writes the same in another locale and time zone', async () => {
    const other = join(temporaryFolder(), 'dist');
    await owlnest(['render', '--out', other], {
      env: { TZ: 'Pacific/Chatham', LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8' },
    });
    expect(lasting(other)).toEqual(lastingOf(tree));
  }, 30_000);

  it('writes one environment and leaves the others as they are', async () => {
    const root = project({
      ...changedConfig('production', { tags: { owner: 'me' } }),
      ...changedConfig('staging', { tags: { owner: 'me' } }),
    });
    const copy = join(temporaryFolder(), 'dist');
    cpSync(out, copy, { recursive: true });
    const before = lasting(copy);
    expect(await callOwlnest(['render', 'production', '--out', copy], { root })).toMatchObject({ code: 0 });
    const after = lasting(copy);
    const changed = Object.keys({ ...before, ...after }).filter((path) => before[path] !== after[path]);
    expect(changed).toEqual([
      'environments/production/environment.yaml',
      'preview/production/composites.yaml',
      'preview/production/identity.yaml',
      'preview/production/storage.yaml',
    ]);
    const { environments } = JSON.parse(treeOf(copy)['summary.json'] ?? '') as { environments: object };
    expect(Object.keys(environments)).toEqual(ENVIRONMENTS);
  }, 30_000);

  it('leaves out what an older release counted of the others', async () => {
    const copy = join(temporaryFolder(), 'dist');
    cpSync(out, copy, { recursive: true });
    const { environments, ...rest } = JSON.parse(tree['summary.json'] ?? '') as { environments: object };
    const older = { composites: 9, resources: 70, fixedUsdPerMonth: null, pricesNotKnown: [], layers: {} };
    const summary = { ...rest, environments: { ...environments, staging: older } };
    writeFileSync(join(copy, 'summary.json'), JSON.stringify(summary));
    expect(await owlnest(['render', 'production', '--out', copy])).toMatchObject({ code: 0 });
    const after = JSON.parse(treeOf(copy)['summary.json'] ?? '') as { environments: object };
    expect(Object.keys(after.environments)).toEqual(ENVIRONMENTS.filter((name) => name !== 'staging'));
  }, 30_000);

  it('writes into a new folder below others that are not there', async () => {
    const folder = join(temporaryFolder(), 'a/b');
    expect(await callOwlnest(['render', '--out', folder])).toMatchObject({ code: 0 });
    expect(lasting(folder)).toEqual(lastingOf(tree));
  }, 30_000);
});

describe('recorded identities', () => {
  /** A key, which AWS gives its name. */
  const keyName = () => /^Key\.kms\S+ (\S+) /m.exec(tree['preview/production/inventory.txt'] ?? '')?.[1] ?? '';
  const identities = (recorded: object): Readonly<Record<string, string>> => ({
    'config/production.identities.json': JSON.stringify(recorded),
  });

  it('are rendered back, and what is adopted is only looked at', async () => {
    const name = keyName();
    const key = `Key.kms.aws.m.upbound.io/${name}`;
    const arn = '0c9d8a53-5b0c-4f2e-9a3e-2f9d1c1b7a10';
    const keyIn = async (mode: string) => {
      const folder = join(temporaryFolder(), 'dist');
      const root = project(identities({ [key]: { externalName: arn, mode } }));
      expect(await callOwlnest(['render', '--out', folder], { root })).toMatchObject({ code: 0 });
      const { [`environments/production/environment.yaml`]: environment = '', ...files } = treeOf(folder);
      expect(environment).toContain(arn);
      const documents = parseAllDocuments(files['preview/production/storage.yaml'] ?? '');
      return documents
        .map((document) => document.toJS() as KubernetesObject)
        .find(({ kind, metadata }) => kind === 'Key' && metadata.name === name);
    };
    for (const [mode, policies] of [
      ['adopt', ['Observe']],
      ['owned', ['Observe', 'Update']],
    ] as const) {
      const found = await keyIn(mode);
      expect(found?.metadata.annotations?.['crossplane.io/external-name']).toBe(arn);
      expect(found?.spec?.['managementPolicies']).toEqual(policies);
    }
  }, 30_000);

  it('of another form than AWS gives are a mistake: the provider would not find the resource', async () => {
    const key = `Key.kms.aws.m.upbound.io/${keyName()}`;
    const root = project(identities({ [key]: { externalName: 'alias/data', mode: 'owned' } }));
    const { code, stderr } = await callOwlnest(['render', '--out', out], { root });
    expect(code).toBe(1);
    expect(stderr.trimEnd().split('\n').at(-1)).toBe(
      `config/production.identities.json: ${key} cannot have the externalName alias/data; its form is ` +
        '^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32})$.',
    );
  }, 30_000);

  it('of no resource are a mistake: what is there already would be made a second time', async () => {
    const key = `Key.kms.aws.m.upbound.io/${keyName()}s`;
    const root = project(
      identities({ [key]: { externalName: '0c9d8a53-5b0c-4f2e-9a3e-2f9d1c1b7a10', mode: 'adopt' } }),
    );
    const before = treeOf(out);
    const { code, stderr } = await callOwlnest(['render', '--out', out], { root });
    expect(code).toBe(1);
    expect(stderr.trimEnd().split('\n').at(-1)).toMatch(
      /^config\/production\.identities\.json: Key\S+s is no resource of this environment; write Key\S+ or remove it\.$/,
    );
    expect(treeOf(out)).toEqual(before);
  }, 30_000);
});

describe('what is wrong leaves the folder as it was:', () => {
  it('a file in config/ that nobody would read', async () => {
    const root = project({ 'config/production.identites.json': '{}' });
    const before = treeOf(out);
    expect(await callOwlnest(['render', '--out', out], { root })).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'config/production.identites.json is no file that OwlNest reads; call it <environment>.json or <environment>.identities.json, or put it elsewhere.\n',
    });
    expect(treeOf(out)).toEqual(before);
  }, 30_000);

  it('a wrong key in a config', async () => {
    const root = project(changedConfig('production', { budgetLimits: 265 }));
    const before = treeOf(out);
    const { code, stdout, stderr } = await owlnest(['render', '--out', out], { root });
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'config/production.json: budgetLimits is not a key that OwlNest knows, received 265 (did you mean budgetLimit?).\n',
    });
    expect(treeOf(out)).toEqual(before);
  }, 30_000);

  it('problems of all files, the rules between fields too, one line each', async () => {
    const root = project({
      ...changedConfig('production', { protectData: false }),
      ...changedConfig('staging', { account: '1\u202e' }),
      'config/development.json': '{,}',
    });
    const { code, stderr } = await callOwlnest(['render', '--out', out], { root });
    expect(code).toBe(1);
    expect(stderr.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^config\/development\.json is not JSON: line 1, column 2 .*\.$/),
      expect.stringMatching(/^config\/staging\.json: account is "1\\u202e"; .*\.$/),
      expect.stringMatching(/^config\/production\.json: protectData .*production always protects its data.*\.$/),
    ]);
  }, 30_000);

  it('a finding, and cdk8s synth writes nothing either', async () => {
    const root = project(changedConfig('staging', { region: 'ap-northeastnortheastnortheastnortheast-1' }));
    const finding =
      /^staging, storage: Storage\.owlnest\.io\/staging-storage: .*bucket name .* has \d+ characters; S3 takes 63\. \(rule: chart\)$/m;
    const before = treeOf(out);
    const rendered = await owlnest(['render', '--out', out], { root });
    expect(rendered).toMatchObject({ code: 1, stdout: '' });
    expect(rendered.stderr.trimEnd().split('\n').at(-1)).toMatch(finding);
    expect(treeOf(out)).toEqual(before);
    const synthesised = await callOwlnest(['synth'], { root, env: { CDK8S_OUTDIR: join(root, 'synth') } });
    expect(synthesised).toMatchObject({ code: 1, stderr: expect.stringMatching(finding) });
    expect(existsSync(join(root, 'synth'))).toBe(false);
    const converged = await callOwlnest(['converge', 'staging', '--json'], { root });
    expect(converged.code).toBe(1);
    // Both layers have a name that is too long.
    const { ready, findings } = JSON.parse(converged.stdout) as { ready: boolean; findings: { rule: string }[] };
    expect([ready, findings.map(({ rule }) => rule)]).toEqual([false, ['chart', 'chart']]);
  }, 30_000);

  it('an environment that is not there', async () => {
    const { code, stderr } = await callOwlnest(['render', 'produktion', '--out', out]);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'There is no environment produktion; config/ describes development, staging, production.\n',
    });
  }, 30_000);

  it.each<[string, Readonly<Record<string, string>>]>([
    ['somebody else made', { 'precious.txt': 'mine' }],
    ['another tool made', { 'summary.json': '{"total":1}', 'precious.txt': 'mine' }],
  ])(
    'a folder that %s',
    async (_, files) => {
      const folder = join(temporaryFolder(), 'dist');
      mkdirSync(folder);
      for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
      const { code, stderr } = await callOwlnest(['render', '--out', folder]);
      expect(code).toBe(1);
      expect(stderr).toContain(`${folder} was not written by owlnest`);
      expect(treeOf(folder)).toEqual(files);
      expect(readdirSync(join(folder, '..'))).toEqual(['dist']);
    },
    30_000,
  );

  it.each(['file', 'file/dist'])(
    'a folder that cannot be (%s)',
    async (name) => {
      const folder = temporaryFolder();
      writeFileSync(join(folder, 'file'), 'mine');
      const { code, stderr } = await callOwlnest(['render', '--out', join(folder, name)]);
      expect(code).toBe(1);
      expect(stderr.trimEnd().split('\n').at(-1)).toMatch(
        / cannot be written \(.*\); name another folder with --out\.$/,
      );
      expect(stderr).not.toContain('    at ');
      expect(treeOf(folder)).toEqual({ file: 'mine' });
    },
    30_000,
  );
});

describe('a run that is stopped', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)(
    'by %s leaves the old tree or the new one, and the next run tidies up',
    async (signal) => {
      const folder = join(temporaryFolder(), 'dist');
      cpSync(out, folder, { recursive: true });
      const old = lasting(folder);
      const root = project(changedConfig('production', { storage: { table: { billing: 'provisioned' } } }));
      const child = started(['render', '--out', folder], root);
      // Said just before the tree is written.
      child.stderr?.on('data', (data: Buffer) => data.includes('production: ready') && child.kill(signal));
      await new Promise((resolve) => child.once('close', resolve));
      const repaired = await callOwlnest(['render', 'nobody', '--out', folder]);
      expect(repaired.code).toBe(1);
      expect(readdirSync(join(folder, '..'))).toEqual(['dist']);
      const billing = (text = '') => /billingMode: (\w+)/.exec(text)?.[1];
      const now = lasting(folder);
      const file = 'preview/production/storage.yaml';
      if (billing(now[file]) === billing(old[file])) expect(now).toEqual(old);
      else expect(Object.keys(now)).toEqual(Object.keys(old));
    },
    60_000,
  );
});

describe('cdk8s synth', () => {
  it('writes what is applied, the same bytes', async () => {
    const root = project({});
    expect(await run(process.execPath, ['node_modules/.bin/cdk8s', 'synth'], { root })).toMatchObject({ code: 0 });
    const deployable = Object.entries(tree).filter(([path]) => /^(platform|environments)\//.test(path));
    expect(treeOf(join(root, 'build/synth'))).toEqual(Object.fromEntries(deployable));
    expect(readFileSync(join(root, 'cdk8s.yaml'), 'utf8')).toContain('output: build/synth');
  }, 60_000);
});

function lastingOf({ 'summary.json': _, ...rest }: Tree): Tree {
  return rest;
}
