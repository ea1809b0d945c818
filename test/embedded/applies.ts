import fc from 'fast-check';
import type { Json, JsonObject, KubernetesObject } from '../../imports/base.ts';
import { isList, isObject } from '../../crossplane/schema/json.ts';

/** One server-side apply with force. */
export interface Apply {
  readonly manager: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly spec: JsonObject;
}

/** Applies to one object, one after the other. */
export interface Sequence {
  readonly apiVersion: string;
  readonly kind: string;
  readonly applies: readonly Apply[];
}

/** Ours as core writes it, and two other hands. */
export const MANAGERS = [
  `apiextensions.crossplane.io/composed/${'a'.repeat(64)}`,
  'somebody',
  'somebody-else',
] as const;

/** The CRDs of the kinds that sequences are about. */
export const SEQUENCE_CRDS = [
  'keys.kms.aws.m.upbound.io',
  'grants.kms.aws.m.upbound.io',
  'tables.dynamodb.aws.m.upbound.io',
  'buckets.s3.aws.m.upbound.io',
];

// Few values, so that managers meet, agree and differ.
const word = fc.constantFrom('a', 'b');
const key = fc.constantFrom('one', 'two', 'three');
// Never an empty map, set or object: those are cases of their own.
const map = fc.dictionary(key, word, { minKeys: 1, maxKeys: 3 });
const set = (...members: string[]) => fc.subarray(members, { minLength: 1 });
const flag = fc.boolean();
/** A number, now and then, where a text belongs. */
const sometimesWrong = fc.oneof({ weight: 9, arbitrary: word }, { weight: 1, arbitrary: fc.constant(5) });
/** Any of the fields, each absent now and then. */
const some = (fields: Record<string, fc.Arbitrary<unknown>>) => fc.record(fields, { requiredKeys: [] });

const around = {
  managementPolicies: fc.subarray(['Observe', 'Create', 'Update', 'Delete']),
  providerConfigRef: fc.record({ kind: fc.constantFrom('ProviderConfig', 'ClusterProviderConfig'), name: word }),
  writeConnectionSecretToRef: fc.record({ name: word }),
};

const region = fc.constantFrom('eu-west-1', 'eu-central-1');

const FOR_PROVIDER: Readonly<Record<string, readonly [apiVersion: string, fc.Arbitrary<unknown>]>> = {
  Key: [
    'kms.aws.m.upbound.io/v1beta1',
    fc.record(
      {
        region,
        description: sometimesWrong,
        enableKeyRotation: flag,
        deletionWindowInDays: fc.integer({ min: 7, max: 9 }),
        tags: map,
      },
      { requiredKeys: ['region'] },
    ),
  ],
  Grant: [
    'kms.aws.m.upbound.io/v1beta1',
    fc.record(
      {
        region,
        granteePrincipal: word,
        operations: set('Encrypt', 'Decrypt', 'Sign', 'Verify'),
        grantCreationTokens: set('x', 'y'),
        constraints: fc.array(some({ encryptionContextEquals: map, encryptionContextSubset: map }), { maxLength: 2 }),
        keyIdRef: fc.record({ name: word }),
      },
      { requiredKeys: ['region', 'granteePrincipal', 'operations', 'grantCreationTokens'] },
    ),
  ],
  Table: [
    'dynamodb.aws.m.upbound.io/v1beta1',
    fc.record(
      {
        region,
        hashKey: word,
        attribute: fc.array(fc.record({ name: word, type: fc.constantFrom('S', 'N') }), { maxLength: 2 }),
        globalSecondaryIndex: fc.array(some({ name: word, hashKey: word, nonKeyAttributes: set('p', 'q') }), {
          maxLength: 2,
        }),
        serverSideEncryption: fc.record({ enabled: flag, kmsKeyArn: word }, { requiredKeys: ['enabled'] }),
        ttl: fc.record({ attributeName: word, enabled: flag }, { requiredKeys: ['attributeName'] }),
        streamEnabled: flag,
        tags: map,
      },
      { requiredKeys: ['region'] },
    ),
  ],
  Bucket: [
    's3.aws.m.upbound.io/v1beta1',
    fc.record({ region, forceDestroy: flag, tags: map }, { requiredKeys: ['region'] }),
  ],
};

/** A sequence for one of the kinds; now and then one of its applies is invalid. */
export const sequence: fc.Arbitrary<Sequence> = fc
  .constantFrom(...Object.entries(FOR_PROVIDER))
  .chain(([kind, [apiVersion, forProvider]]) => {
    const spec = fc.record({ forProvider, ...around }, { requiredKeys: ['forProvider'] });
    const apply = fc.record(
      { manager: fc.constantFrom(...MANAGERS), labels: map, annotations: map, spec },
      { requiredKeys: ['manager', 'spec'] },
    );
    const applies = fc.array(apply as fc.Arbitrary<Apply>, { minLength: 2, maxLength: 7 });
    return fc.record({ apiVersion: fc.constant(apiVersion), kind: fc.constant(kind), applies });
  });

/** The object that an apply is about. */
export function objectOf(
  { apiVersion, kind }: Pick<Sequence, 'apiVersion' | 'kind'>,
  { labels, annotations, spec }: Apply,
  { name, namespace }: { readonly name: string; readonly namespace: string },
): KubernetesObject {
  const metadata = {
    name,
    namespace,
    ...(labels === undefined ? {} : { labels }),
    ...(annotations === undefined ? {} : { annotations }),
  };
  return { apiVersion, kind, metadata, spec };
}

/** Spec, labels and annotations: what server-side apply is about. Sets are in one order, since they have none. */
export function contentOf({ spec, metadata }: KubernetesObject): JsonObject {
  const { labels = {}, annotations = {} } = metadata;
  return sorted({ spec: spec ?? {}, labels, annotations }) as JsonObject;
}

/** Fields of each manager that applies, as sorted paths. */
export function ownershipOf(object: KubernetesObject): JsonObject {
  const entries = (object.metadata.managedFields ?? []).filter((entry) => entry['operation'] === 'Apply');
  return Object.fromEntries(
    entries
      .map((entry): [string, readonly string[]] => [String(entry['manager']), leavesOf(entry['fieldsV1'] ?? {})])
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );
}

/** Metadata without labels and annotations is owned by nobody. */
function leavesOf(fields: Json): readonly string[] {
  return walk(fields, '')
    .filter((leaf) => leaf !== ' f:metadata')
    .sort();
}

function walk(fields: Json, path: string): readonly string[] {
  const names = isObject(fields) ? Object.entries(fields) : [];
  return names.length === 0 ? [path] : names.flatMap(([name, below]) => walk(below, `${path} ${name}`));
}

const SETS = new Set(['operations', 'grantCreationTokens']);

function sorted(value: Json): Json {
  if (isList(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, item]) => [name, SETS.has(name) && isList(item) ? [...item].sort() : sorted(item)]),
  );
}
