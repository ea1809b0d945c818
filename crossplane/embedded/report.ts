import type { Json, JsonObject, KubernetesObject, ObjectMetadata } from '../../imports/base.ts';
import { EXTERNAL_NAME_ANNOTATION } from '../reference/marks.ts';
import { isList, isObject } from '../schema/json.ts';

/** A condition as the provider reports it; when it changed is for the control plane to say. */
export interface ConditionReport {
  readonly type: 'Synced' | 'Ready' | 'LastAsyncOperation' | 'AsyncOperation';
  readonly status: boolean;
  readonly reason: string;
  readonly message?: string;
  /** False for those that the callback of an asynchronous operation writes: it knows no generation. */
  readonly ofGeneration: boolean;
}

/** What the provider makes of an object in one look at it. */
export interface Report {
  /** The external name that it writes into the object; undefined when it leaves the annotation alone. */
  readonly writes: string | undefined;
  /** Whether it puts its finalizer: not before it could look. */
  readonly finalizer: boolean;
  /** `status.atProvider`; undefined when it stays as it was. */
  readonly atProvider: JsonObject | undefined;
  /** Conditions of other types stay as they were. */
  readonly conditions: readonly ConditionReport[];
  /** An asynchronous operation runs, so that it looks again. */
  readonly busy: boolean;
}

export const MANAGED_FINALIZER = 'finalizer.managedresource.crossplane.io';

/** A look that ended with an error: nothing was done, and `Ready` stays as it was. */
export function failedLook(message: string): Report {
  const synced: ConditionReport = {
    type: 'Synced',
    status: false,
    reason: 'ReconcileError',
    message,
    ofGeneration: true,
  };
  return { writes: undefined, finalizer: false, atProvider: undefined, conditions: [synced], busy: false };
}

/** The conditions after an asynchronous operation that failed; its callback writes them, without a generation. */
export function failedOperation(
  operation: 'Create' | 'Update' | 'Delete',
  message: string,
): readonly ConditionReport[] {
  const word = operation.toLowerCase();
  const whole = `${word} failed: async ${word} failed: ${message}`;
  const reason = `Async${operation}Failure`;
  return [
    { type: 'Synced', status: false, reason: 'ReconcileError', message: whole, ofGeneration: false },
    { type: 'LastAsyncOperation', status: false, reason, message: whole, ofGeneration: false },
    { type: 'AsyncOperation', status: true, reason: 'Finished', ofGeneration: false },
  ];
}

/** The object after the look. `conditionOf` dates a condition. */
export function afterLook(
  object: KubernetesObject,
  report: Report,
  conditionOf: (condition: ConditionReport) => JsonObject,
): KubernetesObject {
  const annotations =
    report.writes === undefined
      ? object.metadata.annotations
      : { ...object.metadata.annotations, [EXTERNAL_NAME_ANNOTATION]: report.writes };
  const named = annotations === undefined ? object.metadata : { ...object.metadata, annotations };
  return {
    ...object,
    metadata: report.finalizer ? withFinalizer(named, MANAGED_FINALIZER) : named,
    status: {
      ...object.status,
      ...(report.atProvider === undefined ? {} : { atProvider: report.atProvider }),
      conditions: mergedConditions(object, report.conditions.map(conditionOf)),
    },
  };
}

/** The conditions of the object with these in the place of those of their types. */
export function mergedConditions(object: KubernetesObject, next: readonly JsonObject[]): readonly JsonObject[] {
  const before: Json | undefined = object.status?.['conditions'];
  const others = isList(before) ? before.filter(isObject) : [];
  const types = new Set(next.map(({ type }) => type));
  return [...next, ...others.filter(({ type }) => !types.has(type ?? null))];
}

/** The metadata with this finalizer. */
export function withFinalizer(metadata: ObjectMetadata, finalizer: string): ObjectMetadata {
  const finalizers = metadata.finalizers ?? [];
  return finalizers.includes(finalizer) ? metadata : { ...metadata, finalizers: [...finalizers, finalizer] };
}

/** The metadata without this finalizer. */
export function withoutFinalizer(metadata: ObjectMetadata, finalizer: string): ObjectMetadata {
  return { ...metadata, finalizers: (metadata.finalizers ?? []).filter((name) => name !== finalizer) };
}
