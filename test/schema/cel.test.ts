import { describe, expect, it } from '@jest/globals';
import { checkRules, checkTransitions, compileRule, compileTransition } from '../../crossplane/schema/cel.ts';
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

describe('a rule over a change', () => {
  const LONGER = { transition: 'self.days >= oldSelf.days', message: 'never fewer days', fieldPath: '.days' };

  it('compares what is to be with what is', () => {
    expect(checkTransitions([LONGER], SPEC, { before: { days: 7 }, after: { days: 7 } })).toEqual([]);
    expect(checkTransitions([LONGER], SPEC, { before: { days: 7 }, after: { days: 6 } })).toEqual([
      {
        path: 'spec.days',
        rule: 'cel',
        received: 6,
        message: 'spec.days breaks a rule, received 6; never fewer days.',
      },
    ]);
  });

  it('is no rule over one spec, which knows of nothing before', () => {
    expect(() => compileRule(LONGER.transition)).toThrow('does not compile');
    expect(() => compileTransition(LONGER.transition)).not.toThrow();
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

  it('over changes are judged where something was there before', () => {
    const transitions = [{ transition: 'self.days >= oldSelf.days', message: 'never fewer', fieldPath: '.days' }];
    const kind = kindSchema({ gvk, plural: 'backups', schema, rules, transitions });
    const of = (days: Json) => ({ ...gvk, metadata: { name: 'main' }, spec: { days } });
    const found = (days: Json, before?: Json): readonly string[] =>
      kind.validate(of(days), before === undefined ? undefined : of(before)).map(({ message }) => message);
    expect(found(7)).toEqual([]);
    expect(found(8, 7)).toEqual([]);
    expect(found(7, 8)).toEqual(['spec.days breaks a rule, received 7; never fewer.']);
    expect(found('7', 8)).toHaveLength(1);
  });

  it('must compile when the kind is made', () => {
    expect(() =>
      kindSchema({ gvk, plural: 'backups', schema, rules: [{ ...rules[0], rule: '(', message: '', fieldPath: '' }] }),
    ).toThrow('The CEL rule "(" does not compile');
    const transitions = [{ transition: 'older.days == 1', message: '', fieldPath: '' }];
    expect(() => kindSchema({ gvk, plural: 'backups', schema, transitions })).toThrow('does not compile');
  });
});
