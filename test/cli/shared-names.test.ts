/** What AWS has belongs to one environment: from the files as they are in git, with others beside them. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { environmentsIn, readConfig } from '../../cli/environments.ts';
import { UserError } from '../../cli/errors.ts';
import { convergeEnvironment, refuseFindings } from '../../cli/rendering.ts';
import { openToolchain } from '../../cli/toolchain.ts';
import type { ConfigFile } from '../../config/parse.ts';
import { environmentOfName } from '../../charts/constructs/naming.ts';

const toolchain = openToolchain();
const committed = readConfig();
const rendered = new Map<string, ReturnType<typeof convergeEnvironment>>();

/** All that `npm start` says against these files. */
function sentencesOf(files: readonly ConfigFile[]): readonly string[] {
  try {
    const environments = environmentsIn(files, toolchain.schemas, toolchain.release);
    const converged = environments.map((environment) => {
      const key = JSON.stringify([environment.object, environment.records]);
      const before = rendered.get(key) ?? convergeEnvironment(environment, toolchain);
      rendered.set(key, before);
      return before;
    });
    refuseFindings(converged, toolchain);
    return [];
  } catch (error) {
    if (error instanceof UserError) return error.sentences;
    throw error;
  }
}

function file(path: string, value: object): ConfigFile {
  return { path: `config/${path}.json`, text: JSON.stringify(value) };
}

const production = JSON.parse(committed.find(({ path }) => path === 'config/production.json')?.text ?? '{}') as object;
const others = committed.filter(({ path }) => path !== 'config/production.json');
const europe = (more: object = {}) =>
  file('europe', {
    ...production,
    environment: 'europe',
    tier: 'development',
    domainName: 'europe.owlnest.example',
    accountScope: 'member',
    ...more,
  });

const TABLE = 'owlnest-main-table-production';
const BUCKET = 'owlnest-files-production-123456789012-ap-northeast-1';
const KEY = 'mrk-0123456789abcdef0123456789abcdef';
const id = (kind: string, name: string) => `${kind}.aws.m.upbound.io/${name}`;

describe('what production has in AWS', () => {
  it('is what the files in git say', () => {
    expect(sentencesOf(committed)).toEqual([]);
  });

  it.each(['adopt', 'owned'])('is not taken by another environment that names it (%s)', (mode) => {
    const records = {
      [id('Table.dynamodb', 'europe-storage-main-table')]: { externalName: TABLE, mode },
      [id('Bucket.s3', 'europe-storage-files-bucket')]: { externalName: BUCKET, mode },
    };
    const sentences = sentencesOf([...committed, europe({ protectData: false }), file('europe.identities', records)]);
    expect(sentences).toEqual(
      expect.arrayContaining([
        `config/europe.identities.json: ${id('Table.dynamodb', 'europe-storage-main-table')} is ${TABLE} in AWS, and so is ${id('Table.dynamodb', 'production-storage-main-table')} of config/production.json; give it another name, or declare the move in both files of identities (docs/guides/adopt.md).`,
        expect.stringMatching(
          /^config\/europe\.identities\.json: Bucket\.s3\S+ is owlnest-files-production\S+ in AWS, and so is/,
        ),
      ]),
    );
    // Each is told twice: that it is claimed twice, and whose it is by its name; nothing of the bucket's aspects.
    expect(sentences).toHaveLength(4);
  });

  it('is not taken from another account or region either, where names are shared by all of AWS', () => {
    const records = { [id('Bucket.s3', 'europe-storage-files-bucket')]: { externalName: BUCKET, mode: 'owned' } };
    const elsewhere = {
      account: '999999999999',
      accountScope: 'owner',
      region: 'eu-west-1',
      replicaRegion: 'eu-central-1',
    };
    const sentences = sentencesOf([...committed, europe(elsewhere), file('europe.identities', records)]);
    expect(sentences[0]).toContain('and so is Bucket.s3.aws.m.upbound.io/production-storage-files-bucket');
  });

  it('is not taken by a record of a key, whose name says nothing', () => {
    const key = (environment: string) => ({
      [id('Key.kms', `${environment}-storage-data-key`)]: { externalName: KEY, mode: 'owned' },
    });
    const files = [file('production.identities', key('production')), file('europe.identities', key('europe'))];
    expect(sentencesOf([...committed, europe(), ...files])).toEqual([
      expect.stringMatching(new RegExp(`Key.kms\\S+ is ${KEY} in AWS, and so is Key.kms\\S+ of config`)),
    ]);
  });

  it('is not taken by a new name of production, recorded or not, in one commit', () => {
    const prod = file('prod', { ...production, environment: 'prod', tier: 'production' });
    const records = { [id('Table.dynamodb', 'prod-storage-main-table')]: { externalName: TABLE, mode: 'owned' } };
    expect(sentencesOf([...others, prod, file('prod.identities', records)])).toEqual([
      `config/prod.identities.json: ${id('Table.dynamodb', 'prod-storage-main-table')} is ${TABLE}, by its name a resource of production; declare the move: "movedFrom": "production" here, and the same name with "movedTo": "prod" and "mode": "adopt" in config/production.identities.json.`,
    ]);
  });

  const given = {
    [id('Table.dynamodb', 'production-storage-main-table')]: { externalName: TABLE, mode: 'adopt', movedTo: 'europe' },
  };
  const taken = {
    [id('Table.dynamodb', 'europe-storage-main-table')]: {
      externalName: TABLE,
      mode: 'owned',
      movedFrom: 'production',
    },
  };

  it('moves when both sides say so, and then one of them only looks', () => {
    const files = [...committed, europe(), file('production.identities', given), file('europe.identities', taken)];
    expect(sentencesOf(files)).toEqual([]);
    const policies = environmentsIn(files, toolchain.schemas, toolchain.release)
      .map((environment) => convergeEnvironment(environment, toolchain))
      .flatMap(({ objects }) => objects)
      .filter(({ metadata }) => metadata.annotations?.['crossplane.io/external-name'] === TABLE)
      .filter(({ kind }) => kind === 'Table')
      .map(({ metadata, spec }) => [metadata.namespace, spec?.['managementPolicies']]);
    expect(policies).toEqual(
      expect.arrayContaining([
        ['owlnest-production', ['Observe']],
        ['owlnest-europe', ['Observe', 'Create', 'Update']],
      ]),
    );
  });

  it('does not move to where it would not be protected', () => {
    const careless = europe({ protectData: false });
    const files = [...committed, careless, file('production.identities', given), file('europe.identities', taken)];
    expect(sentencesOf(files)).toEqual([expect.stringContaining('which protects its data, and europe does not')]);
  });
});

describe('a name that we choose', () => {
  const environment = fc.stringMatching(/^[a-z][a-z0-9]{2,14}$/);
  const thing = fc.stringMatching(/^[a-z]{2,9}(-[a-z]{2,9}){0,2}$/);

  it('says whose it is', () => {
    fc.assert(
      fc.property(thing, environment, (what, whose) => {
        const name = `owlnest-${what}-${whose}`;
        expect(environmentOfName(name)).toBe(whose);
        expect(environmentOfName(`${name}-123456789012-ap-northeast-1`)).toBe(whose);
        expect(environmentOfName(`${name}-123456789012-us-gov-west-1`)).toBe(whose);
      }),
    );
  });

  it.each(['forum', 'owlnest', 'mrk-0123456789abcdef0123456789abcdef', 'my-owlnest-files-production'])(
    'is not %s',
    (name) => {
      expect(environmentOfName(name)).toBeUndefined();
    },
  );
});
