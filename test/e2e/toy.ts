/** A composite small enough to be read at a glance, to try the harness, the server and the core with. */
import type { JsonObject, KubernetesObject } from '../../imports/base.ts';
import type { Composer, ComposeRequest, DesiredResource, Waiting } from '../../crossplane/compose/types.ts';
import { isFaulty, withFaults } from '../../crossplane/embedded/faults.ts';
import { failedOperation } from '../../crossplane/embedded/report.ts';
import { resourceId, type ResourceId } from '../../crossplane/reference/identity.ts';
import { EXTERNAL_NAME_ANNOTATION } from '../../crossplane/reference/marks.ts';
import { isObject } from '../../crossplane/schema/json.ts';
import { isTrue } from './harness/client.ts';
import type { Aws, Look } from './harness/provider.ts';

export const toyCrds = ['keys.kms.aws.m.upbound.io', 'tables.dynamodb.aws.m.upbound.io'];

export const toyGroup = 'e2e.owlnest.io';
const apiVersion = `${toyGroup}/v1alpha1`;
const account = '111122223333';

/** What a Demo or a Part is made of; each part is there unless it says otherwise. */
export interface ToySpec {
  readonly table?: boolean;
  readonly description?: string;
  /** A child composite `Part`. */
  readonly part?: boolean;
  /** A `Usage`: the table uses the key. */
  readonly usage?: boolean;
  /** The key is as wanted only when this says so. */
  readonly accepted?: boolean;
  /** The key leaves to the CRD what that has defaults for. */
  readonly bare?: boolean;
}

/** The toy of one test file: its function and its Compositions are called by the file, since its kinds are shared. */
export interface Toy {
  readonly functionName: string;
  /** XRDs and Compositions of Demo and Part. */
  readonly objects: readonly KubernetesObject[];
  readonly demo: (namespace: string, name: string, spec?: ToySpec) => KubernetesObject;
}

/** @param file a word */
export function toyOf(file: string): Toy {
  const functionName = `toy-${file}`;
  return {
    functionName,
    objects: [...toyDefinition('Demo', functionName), ...toyDefinition('Part', functionName)],
    demo: (namespace, name, spec = {}) => toyComposite('Demo', functionName, { name, namespace }, spec),
  };
}

function toyComposite(
  kind: 'Demo' | 'Part',
  functionName: string,
  metadata: KubernetesObject['metadata'],
  spec: ToySpec,
): KubernetesObject {
  const crossplane = { compositionRef: { name: toyComposition(kind, functionName) } };
  return { apiVersion, kind, metadata, spec: { ...spec, crossplane } };
}

function toyComposition(kind: 'Demo' | 'Part', functionName: string): string {
  return `${functionName}-${kind.toLowerCase()}`;
}

export function keyOf(composite: KubernetesObject): KubernetesObject {
  const name = `${composite.metadata.name}-key`;
  const description = composite.spec?.['description'] ?? 'toy';
  const forProvider = { region: 'eu-central-1', deletionWindowInDays: 7, description };
  const key = managed('kms.aws.m.upbound.io/v1beta1', 'Key', composite, name, forProvider);
  return composite.spec?.['bare'] === true ? { ...key, spec: { forProvider } } : key;
}

export function tableOf(composite: KubernetesObject, keyArn = ''): KubernetesObject {
  const name = `${composite.metadata.name}-table`;
  return managed('dynamodb.aws.m.upbound.io/v1beta1', 'Table', composite, name, {
    region: 'eu-central-1',
    billingMode: 'PAY_PER_REQUEST',
    hashKey: 'pk',
    attribute: [{ name: 'pk', type: 'S' }],
    serverSideEncryption: { enabled: true, kmsKeyArn: keyArn },
  });
}

export function partOf({ metadata: { name, namespace = '' }, spec }: KubernetesObject): KubernetesObject {
  const functionName = /"compositionRef":{"name":"(.+?)-demo"/.exec(JSON.stringify(spec))?.[1] ?? '';
  return toyComposite('Part', functionName, { name: `${name}-part`, namespace }, { table: false });
}

export function usageOf(composite: KubernetesObject): KubernetesObject {
  const reference = ({ apiVersion, kind, metadata: { name } }: KubernetesObject): JsonObject => {
    return { apiVersion, kind, resourceRef: { name } };
  };
  const { name, namespace = '' } = composite.metadata;
  return {
    apiVersion: 'protection.crossplane.io/v1beta1',
    kind: 'Usage',
    metadata: { name: `${name}-usage`, namespace },
    spec: { of: reference(keyOf(composite)), by: reference(tableOf(composite)), replayDeletion: true },
  };
}

function managed(
  version: string,
  kind: string,
  composite: KubernetesObject,
  name: string,
  forProvider: JsonObject,
): KubernetesObject {
  const { namespace = '' } = composite.metadata;
  const providerConfigRef = { kind: 'ProviderConfig', name: 'default' };
  const spec = { forProvider, providerConfigRef, managementPolicies: ['Observe', 'Create', 'Update', 'Delete'] };
  return { apiVersion: version, kind, metadata: { name, namespace, labels: { 'owlnest.io/toy': 'yes' } }, spec };
}

/** Key, then table with the key's ARN; whatever exists and cannot be made anew is left as it is declared. */
export const toyComposer: Composer = { kinds: ['Demo', 'Part'], compose };

function compose({ composite, resources }: ComposeRequest): ReturnType<Composer['compose']> {
  const spec: ToySpec = composite.spec ?? {};
  const key = keyOf(composite);
  const keyArn = stringAt(resources.get(idOf(key)), 'arn');
  const wanted = [key];
  const waiting: Waiting[] = [];
  if (spec.table !== false && keyArn !== undefined) wanted.push(tableOf(composite, keyArn));
  if (spec.table !== false && keyArn === undefined) {
    waiting.push({
      resource: idOf(tableOf(composite)),
      on: idOf(key),
      field: 'spec',
      message: 'The table waits for the key.',
    });
  }
  if (spec.part === true) wanted.push(partOf(composite));
  if (spec.usage === true) wanted.push(usageOf(composite));
  const desired = wanted.map((object): DesiredResource => {
    const observed = resources.get(idOf(object));
    const accepted = object !== key || spec.accepted !== false;
    const synced = object.kind === 'Usage' || (observed !== undefined && isTrue(observed, 'Synced'));
    return { object, ready: observed !== undefined && synced && isTrue(observed, 'Ready') && accepted };
  });
  const readyCount = desired.filter(({ ready }) => ready).length;
  const ready = waiting.length === 0 && readyCount === desired.length;
  return {
    outcome: 'composed',
    desired: new Map(desired.map((one) => [idOf(one.object), one])),
    ready,
    status: {
      outputs: keyArn === undefined ? {} : { keyArn },
      waiting,
      held: [],
      invalid: [],
      foreign: [],
      identities: {},
      resources: {
        desired: desired.length,
        observed: resources.size,
        ready: readyCount,
        text: `${readyCount}/${desired.length}`,
      },
      waitingText: waiting.map(({ message }) => message).join(' '),
      heldText: '',
      invalidText: '',
      release: 'toy',
      observedGeneration: composite.metadata.generation,
      converged: { status: ready, message: `${readyCount} of ${desired.length} resources are ready.` },
    },
    edges: [],
  };
}

export function idOf(object: KubernetesObject): ResourceId {
  return resourceId(object, object.metadata.name);
}

/** A string in the object's `status.atProvider`. */
export function stringAt(object: KubernetesObject | undefined, field: string): string | undefined {
  const atProvider = object?.status?.['atProvider'];
  const value = isObject(atProvider) ? atProvider[field] : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** AWS for keys and tables: a key's id is made up, a table is named as its object. */
export function toyAws(): Aws {
  let keys = 0;
  const names = new Set<string>();
  return {
    reconcile: (object, faults) => {
      const toyId = idOf(object);
      if (isFaulty(faults, toyId, 'fail')) return refusal;
      const given = object.metadata.annotations?.[EXTERNAL_NAME_ANNOTATION];
      if (object.kind === 'Table') {
        const id = object.metadata.name;
        const isNew = !names.has(id);
        names.add(id);
        const table = { id, arn: `arn:aws:dynamodb:eu-central-1:${account}:table/${id}` };
        return answer(id, isNew, withFaults(table, faults, toyId));
      }
      const keyId = given ?? `00000000-0000-4000-8000-${String(++keys).padStart(12, '0')}`;
      names.add(keyId);
      const key = { id: keyId, keyId, arn: `arn:aws:kms:eu-central-1:${account}:key/${keyId}` };
      return answer(keyId, given === undefined, withFaults(key, faults, toyId));
    },
    remove: ({ metadata }) => {
      return { outcome: names.delete(metadata.annotations?.[EXTERNAL_NAME_ANNOTATION] ?? '') ? 'deleted' : 'absent' };
    },
    restart: () => undefined,
  };
}

/** AWS refuses what it is asked. */
const refusal: Look = {
  created: undefined,
  writes: undefined,
  finalizer: true,
  atProvider: undefined,
  conditions: failedOperation('Update', 'refused by AWS'),
  busy: false,
};

/** A provider that is done at once and saves the name. */
function answer(externalName: string, isNew: boolean, atProvider: JsonObject): Look {
  return {
    created: isNew ? externalName : undefined,
    writes: externalName,
    finalizer: true,
    atProvider,
    conditions: [
      { type: 'Ready', status: true, reason: 'Available', ofGeneration: false },
      { type: 'Synced', status: true, reason: 'ReconcileSuccess', ofGeneration: true },
      { type: 'LastAsyncOperation', status: true, reason: 'Success', ofGeneration: false },
    ],
    busy: false,
  };
}

function toyDefinition(kind: 'Demo' | 'Part', functionName: string): readonly KubernetesObject[] {
  return definition(kind, `${kind.toLowerCase()}s`, {
    functionName,
    composition: toyComposition(kind, functionName),
    spec: ['table', 'description', 'part', 'usage', 'accepted', 'bare'],
    status: [
      'outputs',
      'waiting',
      'held',
      'invalid',
      'foreign',
      'identities',
      'resources',
      'waitingText',
      'heldText',
      'invalidText',
      'release',
      'observedGeneration',
    ],
  });
}

/** XRD and Composition of a kind that one function composes. */
export function definition(
  kind: string,
  plural: string,
  fields: {
    readonly functionName: string;
    readonly composition: string;
    readonly spec: readonly string[];
    readonly status: readonly string[];
  },
): readonly KubernetesObject[] {
  const free = { 'x-kubernetes-preserve-unknown-fields': true };
  // Core merges its own fields into both, and what these do not name is unknown.
  const some = (names: readonly string[]): JsonObject => {
    return { type: 'object', properties: Object.fromEntries(names.map((name) => [name, free])) };
  };
  const properties = { spec: some(fields.spec), status: some(fields.status) };
  const openAPIV3Schema = { type: 'object', properties };
  return [
    {
      apiVersion: 'apiextensions.crossplane.io/v2',
      kind: 'CompositeResourceDefinition',
      metadata: { name: `${plural}.${toyGroup}` },
      spec: {
        scope: 'Namespaced',
        group: toyGroup,
        names: { kind, plural },
        versions: [{ name: 'v1alpha1', served: true, referenceable: true, schema: { openAPIV3Schema } }],
      },
    },
    {
      apiVersion: 'apiextensions.crossplane.io/v1',
      kind: 'Composition',
      metadata: { name: fields.composition },
      spec: {
        compositeTypeRef: { apiVersion, kind },
        mode: 'Pipeline',
        pipeline: [{ step: 'compose', functionRef: { name: fields.functionName } }],
      },
    },
  ];
}
