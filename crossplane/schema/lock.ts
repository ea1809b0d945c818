import type { Fields, Field, ManagedLock, PlainLock } from './lock-format.ts';
import { twins } from './lock-format.ts';
import type { StructuralSchema } from './structural.ts';

const STRING: StructuralSchema = { type: 'string' };
const INTEGER: StructuralSchema = { type: 'integer', format: 'int64' };

const TIME: StructuralSchema = { type: 'string', format: 'date-time' };

const REFERENCE_POLICY: StructuralSchema = {
  type: 'object',
  properties: {
    resolution: { type: 'string', default: 'Required', enum: ['Required', 'Optional'] },
    resolve: { type: 'string', enum: ['Always', 'IfNotPresent'] },
  },
};
const REFERENCE: StructuralSchema = {
  type: 'object',
  properties: { name: STRING, namespace: STRING, policy: REFERENCE_POLICY },
  required: ['name'],
};
const SELECTOR: StructuralSchema = {
  type: 'object',
  properties: {
    matchControllerRef: { type: 'boolean' },
    matchLabels: { type: 'object', additionalProperties: STRING },
    namespace: STRING,
    policy: REFERENCE_POLICY,
  },
};
const SECRET_KEY: StructuralSchema = {
  type: 'object',
  properties: { key: STRING, name: STRING },
  required: ['key', 'name'],
};
const CONDITIONS: StructuralSchema = {
  type: 'array',
  items: {
    type: 'object',
    properties: {
      lastTransitionTime: TIME,
      message: STRING,
      observedGeneration: INTEGER,
      reason: STRING,
      status: STRING,
      type: STRING,
    },
    required: ['lastTransitionTime', 'reason', 'status', 'type'],
  },
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': ['type'],
};

/** The spec around `forProvider`: the same in every managed resource, which the import checks. */
const MANAGED_SPEC: { readonly [name: string]: StructuralSchema } = {
  managementPolicies: {
    type: 'array',
    default: ['*'],
    items: { type: 'string', enum: ['Observe', 'Create', 'Update', 'Delete', 'LateInitialize', '*'] },
  },
  providerConfigRef: {
    type: 'object',
    default: { kind: 'ClusterProviderConfig', name: 'default' },
    properties: { kind: STRING, name: STRING },
    required: ['kind', 'name'],
  },
  writeConnectionSecretToRef: { type: 'object', properties: { name: STRING }, required: ['name'] },
};

/** The schema of the whole object. Metadata is the API server's business: any object will do. */
export function objectSchema(lock: ManagedLock | PlainLock): StructuralSchema {
  if (!('forProvider' in lock)) return wholeObject(fieldSchema(lock.spec), fieldSchema(lock.status));
  const forProvider = fieldsSchema(lock.forProvider);
  return wholeObject(
    {
      type: 'object',
      properties: {
        forProvider,
        initProvider: withoutRequired(forProvider),
        ...MANAGED_SPEC,
      },
      required: ['forProvider'],
    },
    {
      type: 'object',
      properties: {
        atProvider: fieldsSchema(lock.atProvider),
        conditions: CONDITIONS,
        observedGeneration: INTEGER,
      },
    },
  );
}

/** Of `initProvider`, where nothing has to be said: what is missing stands in `forProvider`. */
function withoutRequired({ required: _, ...schema }: StructuralSchema): StructuralSchema {
  return schema;
}

function wholeObject(spec: StructuralSchema, status: StructuralSchema): StructuralSchema {
  const metadata: StructuralSchema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  return {
    type: 'object',
    properties: { apiVersion: STRING, kind: STRING, metadata, spec, status },
    required: ['spec'],
  };
}

function fieldsSchema(fields: Fields): StructuralSchema {
  const properties = [...fields].flatMap(([name, field]) => {
    const pair = twins(name, field.marks);
    const own: [string, StructuralSchema][] = [[name, fieldSchema(field)]];
    if (pair === undefined) return own;
    const ref: StructuralSchema = pair.list ? { type: 'array', items: REFERENCE } : REFERENCE;
    return [...own, [pair.ref, ref] as const, [pair.selector, SELECTOR] as const];
  });
  const required = [...fields].filter(([, field]) => field.marks.has('required')).map(([name]) => name);
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    ...(required.length > 0 && { required }),
  };
}

/** One field of the lock as a schema. */
export function fieldSchema(field: Field): StructuralSchema {
  const inner: StructuralSchema = { ...baseSchema(field), ...(field.enum !== undefined && { enum: field.enum }) };
  const schema = field.containers.reduceRight<StructuralSchema>(
    (held, { array, kind, keys }) =>
      array
        ? {
            type: 'array',
            items: held,
            ...(kind !== undefined && kind !== 'granular' && { 'x-kubernetes-list-type': kind }),
            ...(keys.length > 0 && { 'x-kubernetes-list-map-keys': keys }),
          }
        : {
            type: 'object',
            additionalProperties: held,
            ...((kind === 'granular' || kind === 'atomic') && { 'x-kubernetes-map-type': kind }),
          },
    inner,
  );
  return {
    ...schema,
    ...(field.default !== undefined && { default: field.default }),
    ...(field.marks.has('nullable') && { nullable: true }),
  };
}

function baseSchema({ base, fields }: Field): StructuralSchema {
  switch (base) {
    case 'object':
      return fields === undefined ? { type: 'object' } : fieldsSchema(fields);
    case 'secret-key':
      return SECRET_KEY;
    case 'date-time':
      return TIME;
    case 'int64':
      return INTEGER;
    case 'int-or-string':
      return { 'x-kubernetes-int-or-string': true };
    case 'any':
      return { 'x-kubernetes-preserve-unknown-fields': true };
    default:
      return { type: base };
  }
}

/** Fields that must be set unless the resource is only observed. */
export function neededFields(fields: Fields): readonly string[] {
  return [...fields].filter(([, field]) => field.marks.has('needed')).map(([name]) => name);
}

/** Dotted paths of the fields that a `…Ref` can fill; `[]` marks a list that is walked through. */
export function referencePaths(fields: Fields, path = ''): readonly string[] {
  return [...fields].flatMap(([name, field]) => {
    const at = `${path}${name}`;
    const below = field.fields ? referencePaths(field.fields, `${at}${'[]'.repeat(field.containers.length)}.`) : [];
    return twins(name, field.marks) === undefined ? below : [at, ...below];
  });
}
