import { describe, expect, it } from '@jest/globals';
import { settingsOf } from '../../config/describe.ts';
import { DEFAULT_REGION, environmentRules, environmentSchema } from '../../config/environment.ts';
import { checkRules } from '../../crossplane/schema/cel.ts';
import type { JsonObject } from '../../imports/base.ts';
import { MINIMAL } from './sample.ts';

const { $schema: _, ...WRITTEN } = MINIMAL;

/** Paths of the fields that break a rule. */
function broken(changes: JsonObject): readonly string[] {
  return checkRules(environmentRules, {}, { ...WRITTEN, ...changes }).map(({ path }) => path);
}

describe('rules over more than one field', () => {
  it.each<[string, JsonObject, readonly string[]]>([
    ['the shortest file', {}, []],
    [
      'production that does not protect its data',
      { environment: 'production', protectData: false },
      ['spec.protectData'],
    ],
    ['production that says that it protects them', { environment: 'production', protectData: true }, []],
    ['another that does not', { protectData: false }, []],
    ['a replica in the same region', { region: 'eu-west-1', replicaRegion: 'eu-west-1' }, ['spec.replicaRegion']],
    [
      'a replica in the region that holds where none is said',
      { replicaRegion: DEFAULT_REGION },
      ['spec.replicaRegion'],
    ],
    ['a replica elsewhere', { replicaRegion: 'ap-northeast-3' }, []],
    ['a tag key of AWS', { tags: { 'aws:x': 'a' } }, ['spec.tags']],
    ['a tag key with a quote', { tags: { 'a"b': 'a' } }, ['spec.tags']],
    ['an ordinary tag', { tags: { 'cost-center': 'a' } }, []],
  ])('%s', (_, changes, paths) => {
    expect(broken(changes)).toEqual(paths);
  });
});

describe('settingsOf()', () => {
  const settings = settingsOf(environmentSchema.parse({ ...WRITTEN, alertEmail: 'a\u202e@b', storage: { table: {} } }));
  const of = (path: string) => settings.find((setting) => setting.path === path);

  it('lists every setting with its meaning, set or not', () => {
    expect(settings.map(({ path }) => path)).toContain('storage.table.billing');
    expect(settings.filter(({ description }) => description === '')).toEqual([]);
    expect(of('budgetLimit')?.value).toBe('60');
    expect(of('storage.table.billing')?.value).toBeUndefined();
  });

  it('shows what cannot be seen as an escape', () => {
    expect(of('alertEmail')?.value).toBe('"a\\u202e@b"');
  });
});
