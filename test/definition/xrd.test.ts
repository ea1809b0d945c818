import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { compositeKinds } from '../../charts/index.ts';
import { compositionOf, xrdOf } from '../../crossplane/definition/xrd.ts';
import { structuralSchema } from '../../crossplane/definition/crd-schema.ts';
import { checkStructure } from '../../crossplane/schema/check.ts';
import type { StructuralSchema } from '../../crossplane/schema/structural.ts';
import type { Fault } from '../../crossplane/embedded/faults.ts';
import type { ResourceId } from '../../crossplane/reference/identity.ts';
import type { JsonObject } from '../../imports/base.ts';
import { family } from '../support/family.ts';
import { compositeObject, worldOf } from '../support/world.ts';

interface Version {
  readonly additionalPrinterColumns: readonly JsonObject[];
  readonly schema: { readonly openAPIV3Schema: StructuralSchema };
}

function versionOf(kind: Parameters<typeof xrdOf>[0]): Version {
  const versions = xrdOf(kind).spec?.['versions'] as unknown as readonly [Version];
  return versions[0];
}

/** Paths of the fields that `kubectl explain` has no sentence for. */
function silentFields(schema: StructuralSchema, path = ''): readonly string[] {
  const { properties = {}, items, additionalProperties } = schema;
  const entries = typeof additionalProperties === 'object' ? additionalProperties : undefined;
  return [
    ...Object.entries(properties).flatMap(([name, field]) => [
      ...(field.description === undefined ? [`${path}.${name}`] : []),
      ...silentFields(field, `${path}.${name}`),
    ]),
    ...[items, entries].flatMap((inner) => (inner === undefined ? [] : silentFields(inner, `${path}[]`))),
  ];
}

describe('an XRD', () => {
  it.each(compositeKinds.map((kind) => [kind.kind, kind] as const))(
    '%s has a description of every field and no defaults',
    (_, kind) => {
      expect(silentFields(versionOf(kind).schema.openAPIV3Schema)).toEqual([]);
      const text = JSON.stringify(versionOf(kind));
      expect(text).not.toContain('"default"');
      expect(versionOf(kind).schema.openAPIV3Schema.description).toBe(kind.description);
      expect(xrdOf(kind).spec?.['names']).toMatchObject({ categories: ['owlnest'], shortNames: kind.shortNames });
    },
  );

  it('has short names that no other of our kinds has', () => {
    const names = compositeKinds.flatMap(({ shortNames, plural, kind }) => [...shortNames, plural, kind.toLowerCase()]);
    expect(new Set(names).size).toBe(names.length);
  });

  it('says of each input and output what it is', () => {
    for (const kind of compositeKinds) {
      const { spec, status } = versionOf(kind).schema.openAPIV3Schema.properties ?? {};
      const told = (schema: StructuralSchema | undefined) =>
        Object.fromEntries(
          Object.entries(schema?.properties ?? {}).map(([name, { description }]) => [name, description]),
        );
      expect(told(spec?.properties?.['inputs'])).toEqual(kind.inputs ?? {});
      expect(told(status?.properties?.['outputs'])).toEqual(kind.outputs ?? {});
      for (const sentence of Object.values({ ...kind.inputs, ...kind.outputs }))
        expect(sentence).toMatch(/^[A-Z].*\.$/);
    }
  });

  it('shows columns that core does not show itself, each from a string', () => {
    for (const kind of compositeKinds) {
      const columns = versionOf(kind).additionalPrinterColumns;
      expect(columns.map(({ name }) => name)).toEqual(['RESOURCES', 'WAITING', 'HELD', 'INVALID', 'RELEASE']);
      expect(columns.every(({ type }) => type === 'string')).toBe(true);
    }
  });

  it('declares every status field that the function writes, in good times and bad: one unknown field costs the whole status', () => {
    const kinds = family(1);
    const schemas = new Map(
      kinds.map((kind) => [kind.kind, versionOf(kind).schema.openAPIV3Schema.properties?.['status'] ?? {}]),
    );
    const key = 'Key.kms.aws.m.upbound.io/test-left-key' as ResourceId;
    const faults: readonly (readonly Fault[])[] = [
      [],
      [{ kind: 'drop', resource: key, field: 'arn' }],
      [{ kind: 'fail', resource: key }],
    ];
    const world = worldOf(kinds);
    const seen = new Set<string>();
    world.plane.apply(compositeObject(kinds[0], { values: { tables: 'x y', topics: 'a' } }));
    const check = () => {
      for (const { kind, status } of world.plane.apiServer.list()) {
        const schema = schemas.get(kind);
        const { conditions: _, ...fields } = status ?? {};
        if (schema === undefined) continue;
        expect(checkStructure(schema, fields)).toEqual([]);
        const used = Object.entries(fields).filter(([, value]) => JSON.stringify(value) !== '[]');
        for (const [name] of used) seen.add(name);
      }
    };
    for (const some of faults) {
      world.plane.inject(some);
      while (world.plane.step()) check();
    }
    expect([...seen].sort()).toEqual([
      'held',
      'heldText',
      'identities',
      'invalidText',
      'observedGeneration',
      'outputs',
      'release',
      'resources',
      'waiting',
      'waitingText',
    ]);
  });
});

describe('a composition', () => {
  it('is one of its kind and release, and calls the function of that release', () => {
    const [kind] = compositeKinds;
    if (kind === undefined) throw new Error('no kinds');
    expect(compositionOf(kind, { version: '1.4.0-rc.1' })).toMatchObject({
      metadata: { name: 'environment-1-4-0-rc-1' },
      spec: { mode: 'Pipeline', pipeline: [{ functionRef: { name: 'owlnest-1-4-0-rc-1' } }] },
    });
  });

  it('lets core send all activation policies with each call, whatever their names', () => {
    const [kind] = compositeKinds;
    if (kind === undefined) throw new Error('no kinds');
    const policies = {
      requirementName: 'activation-policies',
      apiVersion: 'apiextensions.crossplane.io/v1alpha1',
      kind: 'ManagedResourceActivationPolicy',
    };
    expect(compositionOf(kind, { version: '1.4.0' }).spec?.['pipeline']).toEqual([
      { step: 'compose', functionRef: { name: 'owlnest-1-4-0' }, requirements: { requiredResources: [policies] } },
    ]);
  });
});

describe('a zod schema in the dialect of Kubernetes', () => {
  it('keeps bounds, enums, patterns and descriptions, and drops what a CRD forbids', () => {
    const schema = z.object({
      a: z.enum(['x', 'y']).optional().describe('An a.'),
      b: z.int().min(1),
      c: z.record(z.string(), z.string().max(3)).default({}),
      d: z.array(z.string().regex(/^z/)).max(2),
    });
    expect(structuralSchema(schema)).toEqual({
      type: 'object',
      required: ['b', 'd'],
      properties: {
        a: { type: 'string', enum: ['x', 'y'], description: 'An a.' },
        b: { type: 'integer', minimum: 1 },
        c: { type: 'object', additionalProperties: { type: 'string', maxLength: 3 } },
        d: { type: 'array', maxItems: 2, items: { type: 'string', pattern: '^z' } },
      },
    });
  });

  it('refuses a union of objects, and says what to do', () => {
    const schema = z.object({ either: z.union([z.object({ a: z.string() }), z.object({ b: z.string() })]) });
    expect(() => structuralSchema(schema)).toThrow(
      'spec.either uses anyOf, which Kubernetes does not take: write it as a CEL rule.',
    );
  });
});
