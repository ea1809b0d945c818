import type { Json, JsonObject, KubernetesObject, ObjectMetadata } from '../../imports/base.ts';
import type { ComposeResult } from '../compose/types.ts';
import { EXTERNAL_NAME_ANNOTATION } from '../reference/marks.ts';
import type { Violation } from '../schema/violation.ts';
import type { ProviderAnswer } from './provider.ts';

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

/** The object after the provider looked at it; without an answer AWS has refused. */
export function managedStatus(
  object: KubernetesObject,
  answer: ProviderAnswer | undefined,
  ready: boolean,
): KubernetesObject {
  if (answer === undefined) return refusedStatus(object, 'AWS refused the request.');
  const generation = { observedGeneration: object.metadata.generation ?? 1 };
  const annotations = { ...object.metadata.annotations, [EXTERNAL_NAME_ANNOTATION]: answer.externalName };
  return {
    ...object,
    metadata: withFinalizer({ ...object.metadata, annotations }, 'finalizer.managedresource.crossplane.io'),
    status: {
      atProvider: answer.atProvider,
      conditions: [
        condition('Synced', true, 'ReconcileSuccess', generation),
        condition('Ready', ready, ready ? 'Available' : 'Creating'),
      ],
    },
  };
}

/** The object after AWS refused what the provider asked for: as it was, but not Synced. */
export function refusedStatus(object: KubernetesObject, message: string): KubernetesObject {
  const generation = { observedGeneration: object.metadata.generation ?? 1 };
  const refused = condition('Synced', false, 'ReconcileError', { ...generation, message });
  return { ...object, status: { ...object.status, conditions: [refused, ...conditionsBut(object, 'Synced')] } };
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

function conditionsBut(object: KubernetesObject, type: string): readonly Json[] {
  const conditions = object.status?.['conditions'];
  return Array.isArray(conditions) ? (conditions as readonly JsonObject[]).filter((one) => one['type'] !== type) : [];
}
