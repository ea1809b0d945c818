/** What the reference says of settings: that nothing depends on them yet. */
import { describe, expect, it } from '@jest/globals';
import { loadEnvironments, type LoadedEnvironment } from '../../cli/environments.ts';
import { convergeEnvironment } from '../../cli/rendering.ts';
import { openToolchain } from '../../cli/toolchain.ts';
import { compositeKinds } from '../../charts/index.ts';
import { environmentSchema, LAYERS, NOT_YET_USED, specOf } from '../../config/environment.ts';
import { schemaAt } from '../../config/schema.ts';
import { asObject } from '../../crossplane/schema/json.ts';
import type { Json, JsonObject } from '../../imports/base.ts';
import { at } from '../../policy/resources.ts';
import { FULL } from '../config/sample.ts';

const toolchain = openToolchain();
const [production] = loadEnvironments(toolchain.schemas, toolchain.release).filter(({ name }) => name === 'production');
const full = JSON.parse(JSON.stringify(specOf(FULL))) as JsonObject;

/** Everything that production becomes with these changes, but for the composites. */
function resources(changes: JsonObject): readonly unknown[] {
  if (production === undefined) throw new Error('There is no production.');
  const { object } = production;
  const changed: LoadedEnvironment = { ...production, object: { ...object, spec: { ...object.spec, ...changes } } };
  const { objects, report } = convergeEnvironment(changed, toolchain);
  expect(report.findings).toEqual([]);
  return objects.filter(({ apiVersion }) => apiVersion.includes('.aws.m.')).map(({ kind, spec }) => ({ kind, spec }));
}

const before = resources({});

describe('a setting that is said to be not yet used', () => {
  it.each(NOT_YET_USED)('%s is there and changes no resource', (key) => {
    if (key === 'usage') return expect(environmentSchema.shape).not.toHaveProperty(key);
    const path = key.split('.');
    expect(schemaAt(environmentSchema, path)).toBeDefined();
    const written = at(full, ...path);
    expect(written).toBeDefined();
    // Three of these have the same value in the file of production.
    const others: JsonObject = {
      alertEmail: 'a@other.example',
      budgetLimit: 7,
      accountScope: 'member',
    };
    const changes = path.reduceRight<Json>((value, name) => ({ [name]: value }), others[key] ?? written ?? null);
    expect(resources(asObject(changes))).toEqual(before);
  });

  it('is every section whose layer does not exist, and no other', () => {
    const kinds = compositeKinds.map(({ kind }) => kind.toLowerCase());
    const missing = LAYERS.filter((layer) => !kinds.includes(layer));
    expect(LAYERS.filter((layer) => NOT_YET_USED.some((key) => key === layer))).toEqual(missing);
  });
});

it('a setting that is used changes a resource', () => {
  expect(resources({ tags: { owner: 'me' } })).not.toEqual(before);
  expect(resources({ storage: { table: { billing: 'provisioned' } } })).not.toEqual(before);
});
