import { describe, expect, it } from '@jest/globals';
import { compositeKinds } from '../../charts/index.ts';
import { settingsOf } from '../../config/describe.ts';
import { environmentSchema, fileSchema, LAYERS, specOf } from '../../config/environment.ts';
import { environmentRules, environmentTransitions } from '../../config/rules.ts';
import { structuralSchema } from '../../crossplane/definition/crd-schema.ts';
import { compositeKindSchema } from '../../crossplane/definition/xrd.ts';
import { checkRules, checkTransitions } from '../../crossplane/schema/cel.ts';
import type { StructuralSchema } from '../../crossplane/schema/structural.ts';
import type { JsonObject } from '../../imports/base.ts';
import { RULE_CASES, TRANSITION_CASES } from './rule-cases.ts';
import { FULL, MINIMAL } from './sample.ts';

const { $schema: _, ...WRITTEN } = MINIMAL;
const SCHEMA = structuralSchema(environmentSchema);

/** Every schema in this one, by path. */
function schemasIn(schema: StructuralSchema, path = ''): readonly (readonly [string, StructuralSchema])[] {
  const { properties = {}, items, additionalProperties } = schema;
  return [
    [path, schema],
    ...Object.entries(properties).flatMap(([key, child]) => schemasIn(child, `${path}.${key}`)),
    ...(items === undefined ? [] : schemasIn(items, `${path}[]`)),
    ...(typeof additionalProperties === 'object' ? schemasIn(additionalProperties, `${path}.*`) : []),
  ];
}

describe('rules over more than one setting', () => {
  it.each(RULE_CASES.map(([name, changes, broken]) => [name, changes, broken === undefined ? [] : [`spec.${broken}`]]))(
    '%s',
    (_name, changes, broken) => {
      const found = checkRules(environmentRules, SCHEMA, { ...WRITTEN, ...(changes as JsonObject) });
      expect(found.map(({ path }) => path)).toEqual(broken);
    },
  );

  it('are each broken by one of these', () => {
    const broken = RULE_CASES.flatMap(([, changes]) =>
      environmentRules.filter((rule) => checkRules([rule], SCHEMA, { ...WRITTEN, ...changes }).length > 0),
    );
    expect(new Set(broken)).toEqual(new Set(environmentRules));
  });

  it('hold for all that there is to say', () => {
    const kind = compositeKinds.find((one) => one.kind === 'Environment');
    if (kind === undefined) throw new Error('There is no Environment.');
    const object = {
      apiVersion: 'owlnest.io/v1alpha1',
      kind: 'Environment',
      metadata: { name: 'production' },
      spec: JSON.parse(JSON.stringify(specOf(FULL))),
    };
    expect(compositeKindSchema(kind).validate(object)).toEqual([]);
  });
});

describe('rules over changes', () => {
  const broken = (rules: typeof environmentTransitions, before: JsonObject, after: JsonObject) =>
    checkTransitions(rules, SCHEMA, { before: { ...WRITTEN, ...before }, after: { ...WRITTEN, ...after } });

  it.each(TRANSITION_CASES.map(([name, ...changes]) => ({ name, changes })))('$name', ({ changes }) => {
    const [before, after, path] = changes;
    const found = broken(environmentTransitions, before, after);
    expect(found.map((one) => one.path)).toEqual(path === undefined ? [] : [`spec.${path}`]);
  });

  it('are each broken by one of these', () => {
    const found = TRANSITION_CASES.flatMap(([, before, after]) =>
      environmentTransitions.filter((rule) => broken([rule], before, after).length > 0),
    );
    expect(new Set(found)).toEqual(new Set(environmentTransitions));
  });

  it('all ask what was there before, without which the API server would judge new objects by them, too', () => {
    expect(environmentTransitions.filter(({ transition }) => !transition.includes('oldSelf'))).toEqual([]);
  });
});

describe('the schema of a file', () => {
  const schemas = schemasIn(structuralSchema(fileSchema));

  it('has a section for each layer', () => {
    expect(Object.keys(fileSchema.shape)).toEqual(expect.arrayContaining([...LAYERS]));
  });

  it('has bounds for every text, list and number', () => {
    const unbounded = schemas.filter(([, schema]) => {
      if (schema.enum !== undefined) return false;
      if (schema.type === 'string') return schema.maxLength === undefined;
      if (schema.type === 'array') return schema.maxItems === undefined;
      if (schema.type === 'integer' || schema.type === 'number') {
        return schema.minimum === undefined || schema.maximum === undefined;
      }
      return false;
    });
    expect(unbounded.map(([path]) => path)).toEqual([]);
  });

  it('has forms that leave out what could turn a policy document or a shell command, but for free texts', () => {
    const loose = schemas
      .filter(([, { type, enum: values, pattern }]) => {
        if (type !== 'string' || values !== undefined) return false;
        const form = new RegExp(pattern ?? '', 'u');
        return ['${x}', '`x`', '"', '\\', "'", '\n'].some((text) => form.test(text));
      })
      .map(([path]) => path);
    expect(loose).toEqual(['.edge.contentSecurityPolicy', '.security.suppressions[].reason']);
  });

  it('describes every setting in a sentence', () => {
    const silent = schemas.filter(
      ([path, { description = '' }]) =>
        !/^$|\[\]$|\.\*$|\.functions\.[a-z-]+$/.test(path) && !/^[^]{8,220}\.$/.test(description),
    );
    expect(silent.map(([path]) => path)).toEqual([]);
  });

  it('says defaults in descriptions of the XRD, and gives them to charts', () => {
    expect(SCHEMA.properties?.['api']?.properties?.['logRetentionDays']?.description).toBe(
      'Days that logs of APIs and functions are kept. Default: 30.',
    );
    const spec = environmentSchema.parse({ ...WRITTEN, edge: {}, backup: { weekly: { on: 'monday' } } });
    expect(spec).toMatchObject({
      region: 'ap-northeast-1',
      protectData: true,
      identities: {},
      edge: { priceClass: '200', waf: { mode: 'block', logs: 'blocked' } },
      backup: { weekly: { on: 'monday', at: '03:00', retentionDays: 365 }, lock: 'governance' },
    });
    expect(spec.monitoring).not.toHaveProperty('canary');
  });
});

describe('specOf()', () => {
  it('leaves out what only our own tools read, and nothing else', () => {
    const { $schema: _schema, usage: _usage, security, ...rest } = FULL;
    const { suppressions: _suppressions, ...watched } = security;
    expect(specOf(FULL)).toEqual({ ...rest, security: watched });
  });
});

describe('settingsOf()', () => {
  const settings = settingsOf({ ...MINIMAL, alertEmail: 'a\u202e@b', storage: { table: {} } });
  const of = (path: string) => settings.find((setting) => setting.path === path);

  it('lists every setting with its meaning, set or not', () => {
    expect(settings.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['storage.table.billing', 'api.functions', 'backup.copyTo.region', 'usage.filesGb']),
    );
    expect(settings.filter(({ description }) => description === '')).toEqual([]);
    expect(of('budgetLimit')).toMatchObject({ value: '60', from: 'file' });
    expect(of('edge.waf.mode')).toMatchObject({ value: '"block"', from: 'default' });
    expect(of('backup.copyTo.plans')).toMatchObject({ value: undefined, from: 'nowhere' });
    const canary = { path: 'monitoring.canary.everyMinutes' };
    expect(of(canary.path)).toMatchObject({ value: undefined, from: 'nowhere' });
    expect(settingsOf({ ...MINIMAL, monitoring: { canary: {} } })).toContainEqual(
      expect.objectContaining({ ...canary, value: '15', from: 'default' }),
    );
  });

  it('shows what cannot be seen as an escape', () => {
    expect(of('alertEmail')?.value).toBe('"a\\u202e@b"');
  });
});
