import type { GroupVersionKind, Json, JsonObject, KubernetesObject } from '../../imports/base.ts';
import {
  checkRules,
  checkTransitions,
  compileRule,
  compileTransition,
  type CelRule,
  type TransitionRule,
} from './cel.ts';
import { defaultFields } from './defaults.ts';
import type { ExternalName } from './external-name.ts';
import { asObject, isList, isObject, own } from './json.ts';
import { parseServiceLock, type ServiceLock } from './lock-format.ts';
import { neededFields, objectSchema, referencePaths } from './lock.ts';
import { checkStructure, missing } from './check.ts';
import type { StructuralSchema } from './structural.ts';
import { resourceName, type FieldViolation, type Violation } from './violation.ts';

/** What one kind demands of its objects. */
export interface KindSchema {
  readonly gvk: GroupVersionKind;
  readonly plural: string;
  /** Of the whole object; server-side apply reads from it which lists and maps merge. */
  readonly schema: StructuralSchema;
  /** Undefined for our own composites and for kinds of Kubernetes. */
  readonly provider: ProviderFacts | undefined;
  /**
   * Everything that is wrong with the object once its defaults are in. Never throws for a bad object.
   * @param before the object whose place it takes, for rules over changes; a file has none
   */
  validate(object: KubernetesObject, before?: KubernetesObject): readonly Violation[];
  withDefaults(object: KubernetesObject): KubernetesObject;
}

/** What is known about a managed resource besides its schema. */
export interface ProviderFacts {
  /** The provider package that holds the kind: `provider-aws-dynamodb`. */
  readonly package: string;
  readonly regional: boolean;
  /** Who makes the identity in AWS, and how it looks. */
  readonly externalName: ExternalName;
  /**
   * Fields of `forProvider` that cannot change in place (law 6). `region`, which never can, is not repeated here; a
   * field in `references` may also change through its `…Ref`.
   */
  readonly replace: readonly string[];
  /** Dotted paths below `forProvider` of the fields that a `…Ref` can fill: `replica[].kmsKeyArn`. */
  readonly references: readonly string[];
}

/** Finds the schema of a kind. */
export interface SchemaRegistry {
  find(gvk: GroupVersionKind): KindSchema | undefined;
  readonly kinds: readonly GroupVersionKind[];
  /** Of the provider that the schemas are from, as its packages are tagged: `v2.6.0`. */
  readonly providerVersion: string;
}

/** The text of `imports/lock/<name>.json`. Where from is for the composition root to say: no file is read here. */
export type ReadLock = (name: string) => string;

/** What is in the lock without opening it: the parsed `imports/lock/index.json`. */
export interface LockIndex {
  /** `provider-upjet-aws` */
  readonly provider: string;
  /** `v2.6.0`; nowhere else is it written which version of the provider this is for. */
  readonly version: string;
  readonly services: { readonly [service: string]: { readonly apiVersion: string; readonly kinds: readonly string[] } };
}

/** Reads `imports/lock/index.json`. */
export function parseLockIndex(text: string): LockIndex {
  const file: unknown = JSON.parse(text);
  const provider = isObject(file) ? own(file, 'provider') : undefined;
  const services = isObject(file) ? own(file, 'services') : undefined;
  const [name, version] = typeof provider === 'string' ? provider.split(' ') : [];
  if (name === undefined || version === undefined || !isObject(services)) {
    throw new Error('The index of the schema lock is damaged.');
  }
  return { provider: name, version, services: Object.fromEntries(Object.entries(services).map(indexEntry)) };
}

function indexEntry([service, entry]: [string, Json]): [string, LockIndex['services'][string]] {
  const apiVersion = isObject(entry) ? own(entry, 'apiVersion') : undefined;
  const kinds = isObject(entry) ? own(entry, 'kinds') : undefined;
  if (typeof apiVersion !== 'string' || !isList(kinds) || !kinds.every((kind) => typeof kind === 'string')) {
    throw new Error(`The index of the schema lock is damaged at ${service}.`);
  }
  return [service, { apiVersion, kinds }];
}

/** All kinds: those of the lock, read service by service when first asked for, and `ownKinds`. */
export function schemaRegistry(readLock: ReadLock, index: LockIndex, ownKinds: readonly KindSchema[]): SchemaRegistry {
  const found = new Map<string, KindSchema>(ownKinds.map((kind) => [keyOf(kind.gvk), kind]));
  const files = new Map<string, ServiceLock>();
  const listed = Object.entries(index.services).flatMap(([service, { apiVersion, kinds }]) =>
    kinds.map((kind) => ({ service, gvk: { apiVersion, kind } })),
  );
  const services = new Map(listed.map(({ service, gvk }) => [keyOf(gvk), service]));
  return {
    kinds: [...listed.map(({ gvk }) => gvk), ...ownKinds.map(({ gvk }) => gvk)],
    providerVersion: index.version,
    find(gvk) {
      const key = keyOf(gvk);
      const known = found.get(key);
      const service = services.get(key);
      if (known !== undefined || service === undefined) return known;
      const file = files.get(service) ?? parseServiceLock(readLock(service));
      files.set(service, file);
      const made = lockedKind(file, gvk.kind);
      found.set(key, made);
      return made;
    },
  };
}

function keyOf({ apiVersion, kind }: GroupVersionKind): string {
  return `${apiVersion}/${kind}`;
}

/** The schema of a kind in a lock file. */
export function lockedKind(file: ServiceLock, kind: string): KindSchema {
  const lock = file.kinds.get(kind)?.();
  if (lock === undefined) throw new Error(`The schema lock of ${file.apiVersion} has no kind ${kind}.`);
  const gvk = { apiVersion: file.apiVersion, kind };
  const schema = objectSchema(lock);
  if (!('forProvider' in lock)) return kindSchema({ gvk, plural: lock.plural, schema });
  const needed = neededFields(lock.forProvider);
  const provider = {
    package: file.package,
    regional: lock.forProvider.has('region'),
    externalName: lock.externalName,
    replace: lock.replace,
    references: referencePaths(lock.forProvider),
  };
  return makeKind({ gvk, plural: lock.plural, schema }, provider, (spec) => neededFindings(needed, spec));
}

/** What describes a kind that is not in the lock. */
export interface KindDescription {
  readonly gvk: GroupVersionKind;
  readonly plural: string;
  readonly schema: StructuralSchema;
  /** `self` is the spec. */
  readonly rules?: readonly CelRule[];
  /** `self` and `oldSelf` are specs. */
  readonly transitions?: readonly TransitionRule[];
}

/** Rules presume these to be right, as in Kubernetes: on a broken structure they would only add noise. */
const BLOCKS_RULES: ReadonlySet<string> = new Set(['type', 'null', 'required', 'depth']);

/** The schema of a kind of our own. Throws if one of its rules does not compile. */
export function kindSchema(description: KindDescription): KindSchema {
  const { rules = [], transitions = [], schema } = description;
  for (const { rule } of rules) compileRule(rule);
  for (const { transition } of transitions) compileTransition(transition);
  const specSchema = own(schema.properties, 'spec') ?? {};
  return makeKind(description, undefined, (spec, structure, before) => {
    if (structure.some(({ rule }) => BLOCKS_RULES.has(rule))) return [];
    const broken = checkRules(rules, specSchema, spec);
    return before === undefined
      ? broken
      : [...broken, ...checkTransitions(transitions, specSchema, { before, after: spec })];
  });
}

function makeKind(
  { gvk, plural, schema }: KindDescription,
  provider: ProviderFacts | undefined,
  checkSpec: (
    spec: JsonObject,
    structure: readonly FieldViolation[],
    before: JsonObject | undefined,
  ) => readonly FieldViolation[],
): KindSchema {
  const withDefaults = (object: KubernetesObject): KubernetesObject => {
    const spec = defaulted(own(schema.properties, 'spec'), object.spec);
    const status = defaulted(own(schema.properties, 'status'), object.status);
    return { ...object, ...(spec !== undefined && { spec }), ...(status !== undefined && { status }) };
  };
  const inspect = (object: KubernetesObject, before?: KubernetesObject): readonly Violation[] => {
    const whole = withDefaults(object);
    const structure = checkStructure(schema, Object.fromEntries(Object.entries(whole)));
    const findings = isObject(whole.spec)
      ? [...structure, ...checkSpec(whole.spec, structure, before?.spec)]
      : structure;
    return findings.map((found) => ({ resource: resourceName(object), ...found }));
  };
  /** Objects never change, and what a chart declares comes again in every pass. */
  const inspected = new WeakMap<KubernetesObject, readonly Violation[]>();
  const validate = (object: KubernetesObject, before?: KubernetesObject): readonly Violation[] => {
    const known = before === undefined ? inspected.get(object) : undefined;
    const found = known ?? inspect(object, before);
    if (before === undefined) inspected.set(object, found);
    return found;
  };
  return { gvk, plural, schema, provider, validate, withDefaults };
}

function defaulted(schema: StructuralSchema | undefined, value: JsonObject | undefined): JsonObject | undefined {
  if (schema === undefined) return value;
  const start = value ?? schema.default;
  return isObject(start) ? defaultFields(schema, start) : value;
}

/** The provider asks for these only when it may have to create or update the resource. */
function neededFindings(needed: readonly string[], spec: JsonObject): readonly FieldViolation[] {
  const policies = own(spec, 'managementPolicies');
  const writes = isList(policies) && ['*', 'Create', 'Update'].some((policy) => policies.includes(policy));
  const forProvider = own(spec, 'forProvider');
  const initProvider = asObject(own(spec, 'initProvider'));
  if (!writes || !isObject(forProvider)) return [];
  return needed
    .filter((name) => own(forProvider, name) === undefined && own(initProvider, name) === undefined)
    .map((name) => missing(`spec.forProvider.${name}`));
}
