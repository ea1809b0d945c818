import fc from 'fast-check';
import type { Composer, ComposeRequest } from '../../crossplane/compose/types.ts';
import type { ResourceId } from '../../crossplane/reference/identity.ts';
import { saysItHoldsData } from '../../crossplane/reference/marks.ts';
import { asObject, isList } from '../../crossplane/schema/json.ts';
import type { Json, JsonObject, KubernetesObject } from '../../imports/base.ts';
import { EVERYTHING, storage, type Section } from '../charts/storage/rendered.ts';
import type { Context } from '../../crossplane/definition/context.ts';
import { HERE, LayerWorld, THERE, toolchain } from './layer.ts';

/*
 * Requests that no converging environment makes: what one composite observes, put together from versions that do not
 * belong together, and changed by other hands, beside a composite that wants something else by now.
 */

/** One request, as choices that shrink and can be read. Numbers choose among what there is, modulo its count. */
export interface State {
  readonly composite: string;
  /** Which of the requests that the composite has made. */
  readonly moment: number;
  readonly edits: readonly Edit[];
  readonly spoils: readonly Spoil[];
}

/** What a person, or the parent, changes in the composite. */
type Edit =
  | { readonly edit: 'other spec'; readonly moment: number }
  | { readonly edit: 'protectData'; readonly value: boolean }
  | { readonly edit: 'allowRemoval'; readonly entries: readonly string[] }
  | { readonly edit: 'region' | 'replicaRegion'; readonly value: string }
  | { readonly edit: 'identity'; readonly of: number; readonly name: 'its own' | 'another'; readonly mode: string }
  | { readonly edit: 'no inputs' }
  | { readonly edit: 'other bucket' }
  | { readonly edit: 'nothing activated' };

/** What is otherwise with one observed resource. */
interface Spoil {
  readonly resource: number;
  readonly how: (typeof HOW)[number];
}

const HOW = [
  'not shown',
  'shown from another time',
  'of another release',
  'no status',
  'no conditions',
  'Synced not said',
  'Synced False',
  'Ready False',
  'older generation',
  'no generation',
  'operation under way',
  'being deleted',
  'label off',
  'marks empty',
  'marks nonsense',
  'part of nothing',
  'name off',
  'another name',
  'no id',
  'nothing told',
  'applied by nobody',
  'all policies by hand',
  'in use',
] as const;

/** Series of commits that the requests come from: each with its settings and context, one after the other. */
const SERIES: readonly (readonly (readonly [Section, Partial<Context>])[])[] = [
  [[{}, {}]],
  [
    [EVERYTHING, {}],
    [{}, {}],
  ],
  [
    [EVERYTHING, {}],
    [{ table: { billing: 'provisioned' } }, { allowRemoval: ['storage/ObjectStore/production-storage-replica-files'] }],
  ],
  [[{ table: { replica: true }, files: { objectLockDays: 1 } }, { protectData: false }]],
];

/** What each composite has asked, in order, by its name. */
export function recordedRequests(): ReadonlyMap<string, readonly ComposeRequest[]> {
  const found = new Map<string, ComposeRequest[]>();
  for (const series of SERIES) {
    const world = new LayerWorld(storage);
    world.plane.use(
      watched(toolchain.composer, (request) => {
        const { name } = request.composite.metadata;
        found.set(name, [...(found.get(name) ?? []), request]);
      }),
    );
    for (const [section, context] of series) world.apply(section, context);
  }
  return found;
}

function watched(composer: Composer, see: (request: ComposeRequest) => void): Composer {
  return {
    kinds: composer.kinds,
    compose: (request) => {
      see(request);
      return composer.compose(request);
    },
  };
}

/** Whole names, right and wrong, of what may be removed. */
function removalEntries(requests: readonly ComposeRequest[]): readonly string[] {
  const data = requests.flatMap(({ resources }) => [...resources.values()].filter(saysItHoldsData));
  const names = new Set(data.map(entryOf));
  const table = 'storage/Table/production-storage-main-table';
  return [...names, `${table}.${THERE}`, `${table}.${THERE}x`, table.slice(0, -1), table.replace('storage/', 'api/')];
}

/** `<layer>/<Kind>/<name>`. */
export function entryOf({ kind, metadata: { name } }: KubernetesObject): string {
  return `${name.split('-')[1] ?? ''}/${kind}/${name}`;
}

/** Any request; stores more often than the layer, which takes four times as long. */
export function anyState(recorded: ReadonlyMap<string, readonly ComposeRequest[]>): fc.Arbitrary<State> {
  const composites = [...recorded].map(([composite, requests]) => ({
    weight: requests[0]?.composite.kind === 'Storage' ? 1 : 2,
    arbitrary: fc.record({
      composite: fc.constant(composite),
      moment: fc.nat(10_000),
      edits: fc.array(editOf(removalEntries(requests)), { maxLength: 3 }),
      spoils: fc.uniqueArray(fc.record({ resource: fc.nat(100), how: fc.constantFrom(...HOW) }), {
        maxLength: 4,
        selector: ({ resource }) => resource,
      }),
    }),
  }));
  return fc.oneof(...composites);
}

function editOf(entries: readonly string[]): fc.Arbitrary<Edit> {
  return fc.oneof(
    { weight: 3, arbitrary: fc.record({ edit: fc.constant('other spec' as const), moment: fc.nat(10_000) }) },
    { weight: 1, arbitrary: fc.record({ edit: fc.constant('protectData' as const), value: fc.boolean() }) },
    {
      weight: 2,
      arbitrary: fc.record({
        edit: fc.constant('allowRemoval' as const),
        entries: fc.subarray([...entries]),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        edit: fc.constantFrom('region' as const, 'replicaRegion' as const),
        value: fc.constantFrom(HERE, THERE, 'us-east-1'),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        edit: fc.constant('identity' as const),
        of: fc.nat(100),
        name: fc.constantFrom('its own' as const, 'another' as const),
        mode: fc.constantFrom('adopt', 'owned'),
      }),
    },
    { weight: 1, arbitrary: fc.constant({ edit: 'no inputs' as const }) },
    { weight: 1, arbitrary: fc.constant({ edit: 'other bucket' as const }) },
    { weight: 1, arbitrary: fc.constant({ edit: 'nothing activated' as const }) },
  );
}

/** The request that the choices mean. */
export function requestOf(
  recorded: ReadonlyMap<string, readonly ComposeRequest[]>,
  { composite: name, moment, edits, spoils }: State,
): ComposeRequest {
  const all = recorded.get(name) ?? [];
  const base = chosen(all, moment);
  const others = candidates(all);
  const shown = new Map(base.resources);
  for (const { resource, how } of spoils) spoil(shown, chosen(others, resource), how, all, resource);
  const composite = edits.reduce((before, edit) => edited(before, edit, all, shown), base.composite);
  const activated = edits.some(({ edit }) => edit === 'nothing activated') ? new Set<string>() : base.activated;
  return { composite, resources: shown, activated };
}

/** All that the composite ever had; what holds or guards data is more likely to be chosen. */
function candidates(all: readonly ComposeRequest[]): readonly ResourceId[] {
  const objects = new Map(all.flatMap(({ resources }) => [...resources]));
  return [...objects].flatMap(([id, { metadata }]) => {
    const isMarked = Object.keys(metadata.labels ?? {}).some((label) => label.endsWith('s-data'));
    return isMarked ? [id, id, id] : [id];
  });
}

function chosen<Item>(items: readonly Item[], number: number): Item {
  const item = items[number % Math.max(items.length, 1)];
  if (item === undefined) throw new Error('There is nothing to choose from.');
  return item;
}

function edited(
  composite: KubernetesObject,
  edit: Edit,
  all: readonly ComposeRequest[],
  shown: ReadonlyMap<ResourceId, KubernetesObject>,
): KubernetesObject {
  const spec = asObject(composite.spec);
  const context = (more: JsonObject): KubernetesObject => ({
    ...composite,
    spec: { ...spec, context: { ...asObject(spec['context']), ...more } },
  });
  switch (edit.edit) {
    case 'other spec':
      return { ...composite, spec: asObject(chosen(all, edit.moment).composite.spec) };
    case 'protectData':
      return context({ protectData: edit.value });
    case 'allowRemoval':
      return context({ allowRemoval: edit.entries });
    case 'region':
    case 'replicaRegion':
      return context({ [edit.edit]: edit.value });
    case 'identity': {
      if (shown.size === 0) return composite;
      const [id, object] = chosen([...shown], edit.of);
      const own = object.metadata.annotations?.['crossplane.io/external-name'] ?? 'another';
      const identity = { externalName: edit.name === 'another' ? 'another' : own, mode: edit.mode };
      return context({ identities: { [id]: identity } });
    }
    case 'no inputs': {
      const { inputs: _, ...rest } = spec;
      return { ...composite, spec: rest };
    }
    case 'other bucket':
      return spec['bucketName'] === undefined
        ? composite
        : { ...composite, spec: { ...spec, bucketName: 'owlnest-other-production' } };
    case 'nothing activated':
      return composite;
  }
}

function spoil(
  shown: Map<ResourceId, KubernetesObject>,
  id: ResourceId,
  how: Spoil['how'],
  all: readonly ComposeRequest[],
  number: number,
): void {
  const versions = all.flatMap(({ resources }) => resources.get(id) ?? []);
  // What is not there at that moment comes from another one.
  const object = shown.get(id) ?? chosen(versions, number);
  if (how === 'not shown') shown.delete(id);
  else if (how === 'shown from another time') shown.set(id, chosen(versions, number));
  else shown.set(id, spoiled(object, how));
}

function spoiled(object: KubernetesObject, how: Spoil['how']): KubernetesObject {
  const { metadata, spec, status } = object;
  const generation = metadata.generation ?? 1;
  switch (how) {
    case 'no status': {
      const { status: _, ...rest } = object;
      return rest;
    }
    case 'no conditions':
      return { ...object, status: without(status, 'conditions') };
    case 'Synced not said':
      return withConditions(object, (all) => all.filter(({ type }) => type !== 'Synced'));
    case 'Synced False':
      return withCondition(object, 'Synced', { status: 'False', message: 'update failed: AWS refused' });
    case 'Ready False':
      return withCondition(object, 'Ready', { status: 'False' });
    case 'older generation':
      return { ...object, metadata: { ...metadata, generation: generation + 1 } };
    case 'no generation':
      return withConditions(object, (all) => all.map((one) => without(one, 'observedGeneration')));
    case 'operation under way':
      return withCondition(object, 'AsyncOperation', { status: 'False', reason: 'Ongoing' });
    case 'being deleted':
      return { ...object, metadata: { ...metadata, deletionTimestamp: '2000-01-01T00:00:00Z' } };
    case 'label off':
      return {
        ...object,
        metadata: { ...metadata, labels: withoutKeys(metadata.labels, /^owlnest\.io\/holds-data$/) },
      };
    case 'marks empty':
    case 'marks nonsense':
      return withAnnotations(object, (all) =>
        Object.fromEntries(
          Object.entries(all).map(([key, value]) => [
            key,
            /unprotect|entries/.test(key) ? (how === 'marks empty' ? '' : '{') : value,
          ]),
        ),
      );
    case 'part of nothing':
      return withAnnotations(object, (all) => withoutKeys(all, /part-of/));
    case 'name off':
      return withAnnotations(object, (all) => withoutKeys(all, /external-name/));
    case 'another name':
      return withAnnotations(object, (all) => ({ ...all, 'crossplane.io/external-name': 'another' }));
    case 'no id':
      return { ...object, status: { ...status, atProvider: without(asObject(status?.['atProvider']), 'id', 'arn') } };
    case 'nothing told':
      return { ...object, status: { ...status, atProvider: {} } };
    case 'applied by nobody':
      return { ...object, metadata: { ...metadata, managedFields: [] } };
    case 'all policies by hand':
      return spec?.['managementPolicies'] === undefined ? object : byHand(object, 'managementPolicies', ['*']);
    case 'of another release':
      return withAnnotations(object, (all) => ({ ...all, 'owlnest.io/why': 'As an older release said' }));
    case 'in use':
      return { ...object, metadata: { ...metadata, labels: { ...metadata.labels, 'crossplane.io/in-use': 'true' } } };
    case 'not shown':
    case 'shown from another time':
      return object;
  }
}

/** Another hand sets a field of the spec, which is no longer ours then. */
function byHand(object: KubernetesObject, field: string, value: Json): KubernetesObject {
  const { metadata, spec } = object;
  const managedFields = (metadata.managedFields ?? []).map((entry) => {
    const fields = asObject(entry['fieldsV1']);
    return { ...entry, fieldsV1: { ...fields, 'f:spec': without(asObject(fields['f:spec']), `f:${field}`) } };
  });
  return { ...object, metadata: { ...metadata, managedFields }, spec: { ...spec, [field]: value } };
}

function withConditions(
  object: KubernetesObject,
  change: (conditions: readonly JsonObject[]) => readonly JsonObject[],
): KubernetesObject {
  const conditions = object.status?.['conditions'];
  const before = isList(conditions) ? conditions.map(asObject) : [];
  return { ...object, status: { ...object.status, conditions: change(before) } };
}

function withCondition(object: KubernetesObject, type: string, more: JsonObject): KubernetesObject {
  return withConditions(object, (all) => [
    ...all.filter((one) => one['type'] !== type),
    { ...all.find((one) => one['type'] === type), type, ...more },
  ]);
}

function withAnnotations(
  object: KubernetesObject,
  change: (annotations: Readonly<Record<string, string>>) => Readonly<Record<string, string>>,
): KubernetesObject {
  const { metadata } = object;
  return { ...object, metadata: { ...metadata, annotations: change(metadata.annotations ?? {}) } };
}

function without(object: JsonObject | undefined, ...keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object ?? {}).filter(([key]) => !keys.includes(key)));
}

function withoutKeys(map: Readonly<Record<string, string>> | undefined, pattern: RegExp): Record<string, string> {
  return Object.fromEntries(Object.entries(map ?? {}).filter(([key]) => !pattern.test(key)));
}
