import { describe, expect, it } from '@jest/globals';
import { fieldsOfFormula, hasForm, isMadeUp, nameByFormula } from '../../crossplane/schema/external-name.ts';
import type { JsonObject } from '../../imports/base.ts';

const ARN = 'arn:aws:dynamodb:eu-central-1:123456789012:table/forum';

function named(formula: string, forProvider: JsonObject = {}, region = 'eu-west-1', form?: string): string | undefined {
  const external = { class: 'generated', formula, ...(form === undefined ? {} : { form }) } as const;
  return nameByFormula(external, { name: 'one', forProvider, account: '123456789012', region });
}

describe('a name by formula', () => {
  it.each<[string, JsonObject, string | undefined]>([
    ['fixed', {}, 'fixed'],
    ['{a}/{b}', { a: 'x', b: 2 }, 'x/2'],
    ['{a}/{b}', { a: 'x' }, undefined],
    ['{a}', { a: '' }, undefined],
    ['{a}', { a: { ref: 'x' } }, undefined],
    ['{a|other}', {}, 'other'],
    ['{a|}/b', {}, '/b'],
    ['{a}[,{b}][,{c}]', { a: 'x', c: 'z' }, 'x,z'],
    ['{a:lower}', { a: 'WWW' }, 'www'],
    ['{a:last}', { a: ARN }, 'forum'],
    ['{a:region}', { a: ARN }, 'eu-central-1'],
    ['{a:region}', { a: 'forum' }, undefined],
    ['{a:arn}', { a: ARN }, ARN],
    ['{a:arn}', { a: 'forum' }, undefined],
    ['{a:host}', { a: 'https://id.example/a' }, 'id.example/a'],
    ['{@name}:{@account}:{@region}:{@partition}', {}, 'one:123456789012:eu-west-1:aws'],
  ])('%s of %j', (formula, forProvider, wanted) => {
    expect(named(formula, forProvider)).toBe(wanted);
  });

  it('knows the partitions', () => {
    expect(['cn-north-1', 'us-gov-west-1', 'us-east-1'].map((region) => named('{@partition}', {}, region))).toEqual([
      'aws-cn',
      'aws-us-gov',
      'aws',
    ]);
  });

  it('is none of another form than the kind has', () => {
    expect(named('{a}', { a: 'forum' }, 'eu-west-1', '^[a-z]+$')).toBe('forum');
    expect(named('{a}', { a: 'forum-1' }, 'eu-west-1', '^[a-z]+$')).toBeUndefined();
  });

  it('says which fields it takes, and fails for a transformation that there is not', () => {
    expect(fieldsOfFormula('{a}/{@region}[/{b:last}]{c|x}')).toEqual(['a', 'b', 'c']);
    expect(() => named('{a:upper}', { a: 'x' })).toThrow('has no transformation "upper"');
  });
});

it('tells what nothing but AWS knows, and any text where a kind has no form', () => {
  expect(isMadeUp({ class: 'generated' })).toBe(true);
  expect(isMadeUp({ class: 'generated', formula: '{a}' })).toBe(false);
  expect(isMadeUp({ class: 'chosen' })).toBe(false);
  expect(hasForm({ class: 'chosen' }, 'Any text')).toBe(true);
});
