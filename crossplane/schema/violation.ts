import type { GroupVersionKind, Json, KubernetesObject } from '../../imports/base.ts';

/** One thing that is wrong with one object. */
export interface Violation {
  /** `<Kind>.<group>/<name>`. */
  readonly resource: string;
  readonly path: string;
  /** A short word for the rule that is broken: `type`, `required`, `unknown-field`, `cel`, … */
  readonly rule: string;
  /** The value at `path`; `null` where there is none. */
  readonly received: Json;
  /** One sentence: path, what is wrong, what was received, what to do. */
  readonly message: string;
}

/** A violation before it is known which object it belongs to. */
export type FieldViolation = Omit<Violation, 'resource'>;

/** `<Kind>.<group>/<name>`, the identity of law 5; a kind of the core group has no group to name. */
export function resourceName(object: GroupVersionKind & Pick<KubernetesObject, 'metadata'>): string {
  const slash = object.apiVersion.indexOf('/');
  const group = slash < 0 ? '' : `.${object.apiVersion.slice(0, slash)}`;
  return `${object.kind}${group}/${object.metadata.name}`;
}

/** Makes the finding's sentence: `<path> <problem>, received <value>; <remedy>.` */
export function fieldViolation(
  at: { readonly path: string; readonly rule: string; readonly received: Json },
  problem: string,
  remedy: string,
): FieldViolation {
  return { ...at, message: `${at.path || 'the object'} ${problem}, received ${show(at.received)}; ${remedy}.` };
}

/** A value as short text for a message. */
export function show(value: Json): string {
  const text = JSON.stringify(value);
  return text.length <= 80 ? text : `${text.slice(0, 77)}…`;
}

/** `path` one field deeper. Keys that are no plain names are quoted, so that a path reads one way only. */
export function fieldPath(path: string, key: string): string {
  if (!/^[A-Za-z_$][\w$-]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
}
