import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { allBreaches, breaches, type Breach } from '../../policy/check.ts';
import { EXAMPLE_ACCOUNT } from '../../policy/example.ts';
import { exceptions } from '../../policy/exceptions.ts';
import { kindOf } from '../../policy/resources.ts';
import type { Case, Rendered } from '../../policy/rule.ts';
import { rules } from '../../policy/rules/index.ts';
import { layers } from '../charts/layers.ts';
import { layerAtRest, toolchain } from '../support/layer.ts';

function renderedOf({ resources, protectsData = true }: Case): Rendered {
  return { resources, protectsData, environment: 'production', account: EXAMPLE_ACCOUNT, schemas: toolchain.schemas };
}

/** Breaches of one rule alone. */
function found(id: string, made: Case): readonly Breach[] {
  return allBreaches(renderedOf(made)).filter(({ rule }) => rule.id === id);
}

describe('the rules', () => {
  it('have ids of the form that suppressions take, each of its own, in their order', () => {
    const ids = rules.map(({ id }) => id);
    for (const id of ids) expect(id).toMatch(/^OWL-[A-Z0-9]{1,8}-[0-9]{3}$/);
    expect(ids).toEqual([...new Set(ids)].sort());
  });

  it('are all in the list: one file a rule', () => {
    const folder = new URL('../../policy/rules/', import.meta.url);
    const inFiles = readdirSync(folder)
      .filter((name) => name !== 'index.ts')
      .map((name) => /id: '(OWL-[^']+)'/.exec(readFileSync(new URL(name, folder), 'utf8'))?.[1]);
    expect(inFiles.sort()).toEqual(rules.map(({ id }) => id));
  });

  it.each(rules.map((rule) => [rule.id, rule.title, rule] as const))('%s: %s', (id, _, rule) => {
    for (const text of [rule.title, rule.why, rule.fix]) expect(text).toMatch(/^[A-Z].*[^.]$/);
    const { good, bad } = rule.cases;
    expect(good.length * bad.length).toBeGreaterThan(0);
    expect(good.map((made) => found(id, made).length)).toEqual(good.map(() => 0));
    expect(bad.filter((made) => found(id, made).length === 0)).toEqual([]);
  });

  it('leave out what is adopted and only looked at', () => {
    const [bad] = rules.find(({ id }) => id === 'OWL-S3-001')?.cases.bad ?? [];
    const resources = (bad?.resources ?? []).map((resource) => ({
      ...resource,
      spec: { ...resource.spec, managementPolicies: ['Observe'] },
    }));
    expect(allBreaches(renderedOf({ resources }))).toEqual([]);
  });
});

describe.each(Object.entries(layers))('the layer %s', (_, { rendered: layer }) => {
  const whole = layerAtRest(layer, layer.everything).rendered;
  const worlds = {
    'by default': layerAtRest(layer).rendered,
    'with everything switched on': whole,
    'outside production': layerAtRest(layer, {}, { environment: 'staging', tier: 'staging' }).rendered,
    'without protection': layerAtRest(layer, {}, { environment: 'dev', tier: 'development', protectData: false })
      .rendered,
  };

  it.each(Object.entries(worlds))('%s breaks no rule', (__, rendered) => {
    expect(breaches(rendered).map(({ rule, subject, problem }) => [rule.id, subject, problem])).toEqual([]);
  });
});

/** All layers with everything switched on. */
const everything = Object.values(layers).map(({ rendered }) => layerAtRest(rendered, rendered.everything).rendered);

it('every rule is about something that a layer has: one about nothing would always hold', () => {
  const kinds = new Set(everything.flatMap(({ resources }) => resources.map(kindOf)));
  const idle = rules.filter((rule) => rule.kinds !== undefined && !rule.kinds.some((kind) => kinds.has(kind)));
  expect(idle.map(({ id }) => id)).toEqual([]);
});

it('every exception is one that a resource needs', () => {
  const all = everything.flatMap(allBreaches);
  const needed = exceptions.filter((one) =>
    all.some(({ rule, subject }) => rule.id === one.rule && subject === one.resource),
  );
  expect(needed).toEqual(exceptions);
});
