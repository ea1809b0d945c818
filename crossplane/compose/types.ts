import type { KubernetesObject } from '../../imports/base.ts';
import type { ResourceId } from '../reference/identity.ts';
import type { Violation } from '../schema/violation.ts';

/** One call of the composition function: the composite and everything observed of what it composed before. */
export interface ComposeRequest {
  readonly composite: KubernetesObject;
  readonly resources: ReadonlyMap<ResourceId, KubernetesObject>;
  /**
   * Managed kinds that the cluster has activated, as `tables.dynamodb.aws.m.upbound.io`. Undefined when nothing is known
   * about that; then all are presumed to be there.
   */
  readonly activated?: ReadonlySet<string> | undefined;
}

/** An object as we want it, and whether the observed one is as we want it (law 8). */
export interface DesiredResource {
  readonly object: KubernetesObject;
  readonly ready: boolean;
}

/** A resource that does not exist yet, and what it waits for (law 2). */
export interface Waiting {
  readonly resource: ResourceId;
  /** Another resource of this composite, or `input` for a value that the parent has not given yet. */
  readonly on: ResourceId | 'input';
  /** Field of the waiting resource, or `ready` when it waits for the other's readiness. */
  readonly field: string;
  readonly message: string;
}

/** `leaving`: on its way out, and its protection is changed before it goes; all others stay exactly as they are. */
export type HeldReason =
  | 'unknown-token'
  | 'invalid'
  | 'not-declared'
  | 'in-use'
  | 'still-named'
  | 'being-deleted'
  | 'being-replaced'
  | 'would-remove'
  | 'never-arrives'
  | 'parent-held'
  | 'leaving';

/** A resource that exists and is kept exactly as it was last applied (law 3). */
export interface Held {
  readonly resource: ResourceId;
  readonly reason: HeldReason;
  readonly field?: string;
  readonly message: string;
}

/** An end of a reference: a resource, or what the composite takes from and gives to its parent. */
export type Node = ResourceId | `input:${string}` | `output:${string}`;

/** `from` needs a value of `to` in `field`. */
export interface ValueReference {
  readonly from: Node;
  readonly to: Node;
  readonly field: string;
  /** Which value: a path such as `status.atProvider.arn`, or the name of an input. */
  readonly value: string;
}

/** A field that another hand has set beside ours; server-side apply never removes it. */
export interface Foreign {
  readonly resource: ResourceId;
  readonly field: string;
  readonly manager: string;
}

/** Resources of a composite and of all composites below it. */
export interface ResourceCount {
  readonly desired: number;
  readonly observed: number;
  readonly ready: number;
  /** `<ready>/<desired>`, for the column RESOURCES. */
  readonly text: string;
}

export interface ComposeStatus {
  readonly outputs: Readonly<Record<string, string>>;
  readonly waiting: readonly Waiting[];
  readonly held: readonly Held[];
  readonly invalid: readonly Violation[];
  readonly foreign: readonly Foreign[];
  /** External names that AWS made up, by resource; to be recorded in git. */
  readonly identities: Readonly<Record<string, string>>;
  readonly resources: ResourceCount;
  /** Empty when nothing waits; for the column WAITING. */
  readonly waitingText: string;
  /** As `waitingText`, for the column HELD. */
  readonly heldText: string;
  /** As `waitingText`, for the column INVALID. */
  readonly invalidText: string;
  readonly release: string;
  /**
   * `metadata.generation` of the composite that all this speaks of. Core gives its conditions the newest generation, also
   * those of a pass that began before it.
   */
  readonly observedGeneration: number | undefined;
  /** Our own condition `Converged`. */
  readonly converged: { readonly status: boolean; readonly message: string };
}

export interface Composed {
  readonly outcome: 'composed';
  readonly desired: ReadonlyMap<ResourceId, DesiredResource>;
  /** Readiness of the composite. */
  readonly ready: boolean;
  readonly status: ComposeStatus;
  readonly edges: readonly ValueReference[];
}

/** Only what makes the graph meaningless (law 7): nothing is applied or removed. */
export interface Refused {
  readonly outcome: 'refused';
  readonly violations: readonly Violation[];
}

export type ComposeResult = Composed | Refused;

/** The one code path of the function server, the embedded control plane and the tests. Pure (law 1). */
export interface Composer {
  readonly kinds: readonly string[];
  compose(request: ComposeRequest): ComposeResult;
}
