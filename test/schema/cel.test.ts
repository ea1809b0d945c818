import { describe, expect, it } from '@jest/globals';
import { checkRules, compileRule } from '../../crossplane/schema/cel.ts';
import { kindSchema } from '../../crossplane/schema/registry.ts';
import type { StructuralSchema } from '../../crossplane/schema/structural.ts';
import type { Json } from '../../imports/base.ts';

const SPEC: StructuralSchema = {
  type: 'object',
  required: ['days'],
  properties: {
    days: { type: 'integer' },
    rate: { type: 'number' },
    names: { type: 'array', items: { type: 'string' } },
    replica: { type: 'object', properties: { region: { type: 'string' } } },
    tags: { type: 'object', additionalProperties: { type: 'string' } },
  },
};

describe('a rule', () => {
  it.each<[string, Json, boolean]>([
    ['self.days >= 7', { days: 7 }, true],
    ['self.days >= 7', { days: 6 }, false],
    ['self.days % 7 == 0', { days: 14 }, true],
    ['self.rate <= 0.5', { days: 1, rate: 1 }, false],
    ['self.rate / 2.0 == 0.5', { days: 1, rate: 1 }, true],
    ['!has(self.replica) || self.replica.region != "eu-central-1"', { days: 1 }, true],
    [
      '!has(self.replica) || self.replica.region != "eu-central-1"',
      { days: 1, replica: { region: 'eu-central-1' } },
      false,
    ],
    ['self.names.all(name, name.matches("^[a-z]+$"))', { days: 1, names: ['a', 'B'] }, false],
    ['"a" in self.tags && self.tags["a"].size() == 1', { days: 1, tags: { a: 'x' } }, true],
    ['self.names.size() <= 1', { days: 1, names: ['a', 'b'] }, false],
    ['self.replica.region == "x"', { days: 1 }, false],
  ])('%s for %j: %s', (rule, spec, holds) => {
    const found = checkRules([{ rule, message: 'no good', fieldPath: '.days' }], SPEC, spec);
    expect(found).toHaveLength(holds ? 0 : 1);
  });

  it('is reported at its path with its message', () => {
    const rules = [{ rule: 'self.days >= 7', message: 'backups live a week at least', fieldPath: '.days' }];
    expect(checkRules(rules, SPEC, { days: 3 })).toEqual([
      {
        path: 'spec.days',
        rule: 'cel',
        received: 3,
        message: 'spec.days breaks a rule, received 3; backups live a week at least.',
      },
    ]);
  });

  it.each(['self.days >', 'self.days >= 7 ? "yes" : "no"', 'other.days == 1'])('%s does not compile', (rule) => {
    expect(() => compileRule(rule)).toThrow(`The CEL rule "${rule}" does not compile`);
  });

  it('is compiled once', () => {
    expect(compileRule('self.days == 1')).toBe(compileRule('self.days == 1'));
  });
});

describe('rules of a kind', () => {
  const gvk = { apiVersion: 'owlnest.io/v1alpha1', kind: 'Backup' };
  const schema: StructuralSchema = {
    type: 'object',
    properties: { apiVersion: {}, kind: {}, metadata: { 'x-kubernetes-preserve-unknown-fields': true }, spec: SPEC },
  };
  const rules = [{ rule: 'self.days >= 7', message: 'too short', fieldPath: '.days' }];
  const backup = kindSchema({ gvk, plural: 'backups', schema, rules });

  it('are checked after the structure, and not on a broken one', () => {
    const found = (spec: { readonly [key: string]: Json }): readonly string[] =>
      backup.validate({ ...gvk, metadata: { name: 'main' }, spec }).map(({ rule }) => rule);
    expect(found({ days: 7 })).toEqual([]);
    expect(found({ days: 6 })).toEqual(['cel']);
    expect(found({ days: '6' })).toEqual(['type']);
    expect(found({})).toEqual(['required']);
  });

  it('must compile when the kind is made', () => {
    expect(() =>
      kindSchema({ gvk, plural: 'backups', schema, rules: [{ ...rules[0], rule: '(', message: '', fieldPath: '' }] }),
    ).toThrow('The CEL rule "(" does not compile');
  });
});
