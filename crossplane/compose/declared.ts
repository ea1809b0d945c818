import type { KubernetesObject } from '../../imports/base.ts';
import type { Declared } from '../definition/declared.ts';
import { API_VERSION } from '../definition/api.ts';
import { resourceId, type ResourceId } from '../reference/identity.ts';
import { resolveTokens, type Lookup, type Resolved, type TokenUse } from '../reference/resolve.ts';
import { describePath, valueAt, type Token } from '../reference/token.ts';
import { asObject, isSameText, own } from '../schema/json.ts';
import { withoutEmptyMaps } from '../schema/prune.ts';
import type { SchemaRegistry } from '../schema/registry.ts';
import { lastApplied } from './hold.ts';
import { forProviderOf, generationFields, generationName, renamed } from './naming.ts';
import type { ComposeRequest } from './types.ts';

/** A declared resource with every value that is known today. */
export interface Rendered {
  readonly declared: Declared;
  /** Its identity; `undefined` while a field that its generation's name follows from is not known. */
  readonly id: ResourceId | undefined;
  readonly object: KubernetesObject;
  readonly observed: KubernetesObject | undefined;
  /** What we applied to the observed object last. */
  readonly last: KubernetesObject | undefined;
  readonly unknown: readonly TokenUse[];
}

/** Values for tokens from what was observed. `ids` leads from declared identities to those of today's generation. */
export function lookupIn(request: ComposeRequest, ids: ReadonlyMap<ResourceId, ResourceId | undefined>): Lookup {
  const inputs = asObject(own(request.composite.spec, 'inputs'));
  return (token) => {
    if (token.type === 'input') return textOf(own(inputs, token.input));
    const id = ids.get(token.resource);
    const observed = id === undefined ? undefined : request.resources.get(id);
    const value = valueAt(observed?.status, token.path);
    if (token.type === 'observed') return textOf(value);
    return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string')
      ? value
      : undefined;
  };
}

/** The identity of a declared resource as long as no generation follows from its fields. */
export function settledId(declared: Declared): ResourceId {
  return resourceId(declared.object, settledName(declared));
}

/** Resolves one declared resource and settles its name (law 6). Those that it needs must be settled already. */
export function render(
  declared: Declared,
  uses: readonly TokenUse[],
  request: ComposeRequest,
  lookup: Lookup,
  schemas: SchemaRegistry,
  manager: string,
): Rendered {
  const resolved = resolve(declared, uses, lookup);
  const fields = generationFields(declared, schemas.find(declared.object)?.provider);
  const nameOpen = resolved.unknown.some(({ field }) =>
    fields.some((name) => isWithin(field, `spec.forProvider.${name}`)),
  );
  const named = settleName(declared, resolved.value, fields, nameOpen);
  const schema = schemas.find(named)?.schema;
  const object = schema === undefined ? named : withoutEmptyMaps(named, schema);
  const id = nameOpen ? undefined : resourceId(object, object.metadata.name);
  const observed = id === undefined ? undefined : request.resources.get(id);
  const last = observed === undefined ? undefined : lastApplied(observed, manager);
  const { unknown } = resolved;
  const kept = last === undefined ? object : withInitialOf(object, last);
  const filled =
    object.apiVersion === API_VERSION ? withoutUnknownInputs(object, unknown, last) : { object: kept, unknown };
  return { declared, id, observed, last, ...filled };
}

/** What tokens were resolved to the last time, by what is declared: values seldom change from pass to pass. */
const resolvedLast = new WeakMap<Declared, Known & { readonly values: readonly ReturnType<Lookup>[] }>();

type Known = Pick<Resolved<KubernetesObject>, 'value' | 'unknown'>;

/** The declared object with its known values; the same object as before as long as the values are the same. */
function resolve(declared: Declared, uses: readonly TokenUse[], lookup: Lookup): Known {
  if (uses.length === 0) return { value: declared.object, unknown: [] };
  const values = uses.map(({ token }) => lookup(token));
  const last = resolvedLast.get(declared);
  if (last !== undefined && isSameText(last.values, values)) return last;
  const resolved = { ...resolveTokens(declared.object, lookup), values };
  resolvedLast.set(declared, resolved);
  return resolved;
}

/** `Key/data (arn)`: the resource and field that a token stands for, as people read it. */
export function describeToken(token: Token): string {
  if (token.type === 'input') return `the input ${token.input}`;
  return `${token.resource} (${describePath(token.path)})`;
}

function settleName(
  declared: Declared,
  object: KubernetesObject,
  fields: readonly string[],
  open: boolean,
): KubernetesObject {
  const named = renamed(object, settledName(declared));
  return fields.length === 0 || open ? named : renamed(named, generationName(named, fields));
}

/** After a declared rename within the composite the object keeps its old name (law 5). */
function settledName({ moved, object }: Declared): string {
  return moved !== undefined && moved.composite === undefined ? moved.name : object.metadata.name;
}

/**
 * An input that nobody knows yet is left out of a child composite; it never withholds the child. One that the child
 * had before stays in, unknown: then the child is held as it is (law 3).
 */
function withoutUnknownInputs(
  object: KubernetesObject,
  unknown: readonly TokenUse[],
  last: KubernetesObject | undefined,
): Pick<Rendered, 'object' | 'unknown'> {
  const had = asObject(own(last?.spec, 'inputs'));
  const missing = unknown
    .map(({ field }) => /^spec\.inputs\.([^.[]+)$/.exec(field)?.[1])
    .filter((name) => name !== undefined && !Object.hasOwn(had, name));
  if (missing.length === 0) return { object, unknown };
  const inputs = Object.entries(asObject(own(object.spec, 'inputs'))).filter(([name]) => !missing.includes(name));
  const { inputs: _, ...spec } = object.spec ?? {};
  return {
    object: { ...object, spec: inputs.length === 0 ? spec : { ...spec, inputs: Object.fromEntries(inputs) } },
    unknown: unknown.filter(({ field }) => !missing.some((name) => field === `spec.inputs.${name}`)),
  };
}

/**
 * What counts at creation only never changes on what exists: it would not reach AWS, and the API server makes `null` of an
 * `initProvider` that is taken away from the provider, which writes an empty one, and then refuses the object. So a field
 * that moves there from `forProvider` stays where it is: gone from both, AWS would remove what it says.
 */
function withInitialOf(object: KubernetesObject, last: KubernetesObject): KubernetesObject {
  const kept = own(last.spec, 'initProvider');
  const { initProvider: declared, ...spec } = object.spec ?? {};
  if (declared === undefined && kept === undefined) return object;
  const moved = Object.keys(asObject(declared)).filter((field) => !Object.hasOwn(asObject(kept), field));
  const before = Object.entries(forProviderOf(last)).filter(([field]) => moved.includes(field));
  const forProvider = { ...Object.fromEntries(before), ...forProviderOf(object) };
  return { ...object, spec: { ...spec, forProvider, ...(kept === undefined ? {} : { initProvider: kept }) } };
}

function isWithin(field: string, ancestor: string): boolean {
  return field === ancestor || field.startsWith(`${ancestor}.`) || field.startsWith(`${ancestor}[`);
}

/** An empty text is what a status says before the value is there. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
