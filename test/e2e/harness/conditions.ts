import { isDeepStrictEqual } from 'node:util';
import type { JsonObject, KubernetesObject } from '../../../imports/base.ts';
import { mergedConditions, type ConditionReport } from '../../../crossplane/embedded/report.ts';
import { condition, isTrue } from './client.ts';

/**
 * A composite of ours is Ready, Converged and Synced, all of it for its newest generation: as core says, which also stamps
 * what an older pass found with the newest one, and as the function says itself.
 */
export function isReady(object: KubernetesObject): boolean {
  return (
    ['Synced', 'Ready', 'Converged'].every((type) => isTrue(object, type)) &&
    object.status?.['observedGeneration'] === object.metadata.generation
  );
}

/** The conditions of a managed resource after the provider looked at it; those that the report leaves alone stay. */
export function dated(object: KubernetesObject, reported: readonly ConditionReport[]): readonly JsonObject[] {
  const observedGeneration = object.metadata.generation ?? 1;
  const next = reported.map(({ type, status, reason, message, ofGeneration }) =>
    lasting(object, {
      type,
      status: status ? 'True' : 'False',
      reason,
      ...(message === undefined ? {} : { message }),
      ...(ofGeneration ? { observedGeneration } : {}),
    }),
  );
  return mergedConditions(object, next);
}

/** The conditions of a managed resource that AWS refuses to delete, with AWS's words. */
export function refusedDeletion(object: KubernetesObject, refusal: string): readonly JsonObject[] {
  const message = `delete failed: async delete failed: ${refusal}`;
  const observedGeneration = object.metadata.generation ?? 1;
  return [
    lasting(object, { type: 'Ready', status: 'False', reason: 'Deleting' }),
    lasting(object, { type: 'Synced', status: 'False', reason: 'ReconcileError', message, observedGeneration }),
    lasting(object, { type: 'LastAsyncOperation', status: 'False', reason: 'AsyncDeleteFailure', message }),
  ];
}

/** Keeps the time of the last change, so that a status which says the same is the same. */
function lasting(object: KubernetesObject, next: JsonObject & { readonly type: string }): JsonObject {
  const before = condition(object, next.type);
  const lastTransitionTime = before?.status === next['status'] ? before?.lastTransitionTime : undefined;
  return { ...next, lastTransitionTime: lastTransitionTime ?? new Date().toISOString().replace(/\.\d+/, '') };
}

/** True when the object's status already says this. */
export function sameStatus(object: KubernetesObject, status: JsonObject): boolean {
  const now = { atProvider: object.status?.['atProvider'] ?? {}, conditions: object.status?.['conditions'] ?? [] };
  return isDeepStrictEqual(now, status);
}
