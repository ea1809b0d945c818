import { describe, expect, it } from '@jest/globals';
import { parseEnvironments } from '../../config/parse.ts';
import { MINIMAL } from './sample.ts';

const NAME = 'owlnest-main-table-staging';
const OLD = 'Table.dynamodb.aws.m.upbound.io/staging-storage-main-table';
const NEW = 'Table.dynamodb.aws.m.upbound.io/europe-storage-main-table';
const GIVEN = { [OLD]: { externalName: NAME, mode: 'adopt', movedTo: 'europe' } };
const TAKEN = { [NEW]: { externalName: NAME, mode: 'owned', movedFrom: 'staging' } };

const environment = (name: string, more: object = {}) => ({
  path: `config/${name}.json`,
  text: JSON.stringify({ ...MINIMAL, environment: name, domainName: `${name}.owlnest.example`, ...more }),
});
const STAGING = environment('staging');
const EUROPE = environment('europe', { tier: 'development', accountScope: 'member' });
const records = (name: string, value: object) => ({
  path: `config/${name}.identities.json`,
  text: JSON.stringify(value),
});

function messages(...files: Parameters<typeof parseEnvironments>[0]): readonly string[] {
  return parseEnvironments(files).problems.map(({ message }) => message);
}

describe('a move from one environment to another', () => {
  it('is declared on both sides', () => {
    expect(messages(STAGING, EUROPE, records('staging', GIVEN), records('europe', TAKEN))).toEqual([]);
  });

  it('stays declared when the environment that gave is gone', () => {
    const alone = environment('europe', { tier: 'development' });
    expect(messages(alone, records('staging', GIVEN), records('europe', TAKEN))).toEqual([]);
  });

  it.each([
    ['nobody gives', [EUROPE, STAGING, records('europe', TAKEN)]],
    [
      'is given to another',
      [EUROPE, STAGING, records('europe', TAKEN), records('staging', { [OLD]: { ...GIVEN[OLD], movedTo: 'asia' } })],
    ],
    [
      'is given as another kind',
      [
        EUROPE,
        STAGING,
        records('europe', TAKEN),
        records('staging', { [OLD.replace('Table.dynamodb', 'Bucket.s3')]: GIVEN[OLD] }),
      ],
    ],
  ])('is refused when what is taken %s', (_, files) => {
    expect(messages(...files)[0]).toBe(
      `config/europe.identities.json: ["${NEW}"].movedFrom is "staging", but config/staging.identities.json does not give "${NAME}" away as a Table.dynamodb.aws.m.upbound.io; write "movedTo": "europe" and "mode": "adopt" there, too.`,
    );
  });

  it.each([
    ['nobody takes', [EUROPE, STAGING, records('staging', GIVEN)]],
    ['is taken by an environment without a file', [STAGING, records('staging', GIVEN), records('europe', TAKEN)]],
  ])('is refused when what is given %s', (_, files) => {
    expect(messages(...files)).toContain(
      `config/staging.identities.json: ["${OLD}"].movedTo is "europe", but config/europe.identities.json does not take "${NAME}"; write "movedFrom": "staging" there, too.`,
    );
  });

  it('leaves one that writes', () => {
    const both = { [OLD]: { ...GIVEN[OLD], mode: 'owned' } };
    expect(messages(STAGING, EUROPE, records('staging', both), records('europe', TAKEN))).toEqual([
      `config/staging.identities.json: ["${OLD}"].mode is "owned", but the resource has moved to europe; write "adopt", so that two do not write it.`,
    ]);
  });

  it.each([
    ['from an environment that protects its data', [STAGING]],
    ['from one that is gone, and may have protected it', []],
  ])('takes no protection away: %s', (_, there) => {
    const scope = there.length === 0 ? {} : { accountScope: 'member' };
    const careless = environment('europe', { tier: 'development', protectData: false, ...scope });
    expect(messages(careless, ...there, records('staging', GIVEN), records('europe', TAKEN))).toEqual([
      `config/europe.identities.json: ["${NEW}"].movedFrom is "staging", which protects its data, and europe does not; remove protectData from config/europe.json.`,
    ]);
  });

  it('may give to one that does not protect its data what was not protected before', () => {
    const careless = { protectData: false };
    const europe = environment('europe', { tier: 'development', accountScope: 'member', ...careless });
    const files = [environment('staging', careless), europe, records('staging', GIVEN), records('europe', TAKEN)];
    expect(messages(...files)).toEqual([]);
  });

  it('is all that identities without an environment may say', () => {
    const mixed = { ...GIVEN, [`${OLD}-2`]: { externalName: 'other', mode: 'owned' } };
    const alone = environment('europe', { tier: 'development' });
    expect(messages(alone, records('staging', mixed), records('europe', TAKEN))).toEqual([
      'config/staging.identities.json records identities of no environment; add staging.json beside it, or remove it.',
    ]);
  });
});
