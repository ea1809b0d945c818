import type { Json, JsonObject, KubernetesObject } from '../../imports/base.ts';
import type { ComposeResult } from '../compose/types.ts';
import type { Violation } from '../schema/violation.ts';
import { afterLook, failedLook, type Report } from './report.ts';

/** The embedded control plane knows no time: nothing that it writes may differ from run to run. */
const WHENEVER = '2000-01-01T00:00:00Z';

function condition(type: string, status: boolean, reason: string, more: JsonObject = {}): JsonObject {
  return { type, status: status ? 'True' : 'False', reason, lastTransitionTime: WHENEVER, ...more };
}

/** The conditions that core gives a composite, and our own `Converged`. */
export function compositeConditions(
  object: KubernetesObject,
  result: ComposeResult,
  problems: readonly Violation[],
): Json {
  const generation = { observedGeneration: object.metadata.generation ?? 1 };
  const [problem] = problems;
  const synced =
    problem === undefined
      ? condition('Synced', true, 'ReconcileSuccess', generation)
      : condition('Synced', false, 'ReconcileError', { ...generation, message: problem.message });
  if (result.outcome === 'refused') return [synced];
  const { status, message } = result.status.converged;
  return [
    synced,
    condition('Ready', result.ready, result.ready ? 'Available' : 'Creating', generation),
    // Core gives a function's own condition no generation.
    condition('Converged', status, status ? 'Converged' : 'Open', { message }),
  ];
}

/** The object after the provider looked at it. */
export function managedStatus(object: KubernetesObject, report: Report): KubernetesObject {
  const observedGeneration = object.metadata.generation ?? 1;
  return afterLook(object, report, ({ type, status, reason, message, ofGeneration }) =>
    condition(type, status, reason, {
      ...(message === undefined ? {} : { message }),
      ...(ofGeneration ? { observedGeneration } : {}),
    }),
  );
}

/** The object after AWS refused to delete the resource. */
export function refusedStatus(object: KubernetesObject, message: string): KubernetesObject {
  return managedStatus(object, { ...failedLook(message), finalizer: true });
}
