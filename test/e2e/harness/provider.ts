import { setMaxListeners } from 'node:events';
import type { GroupVersionKind, JsonObject, KubernetesObject } from '../../../imports/base.ts';
import type { Removal } from '../../../crossplane/embedded/provider.ts';
import { isFaulty, type Fault } from '../../../crossplane/embedded/faults.ts';
import { MANAGED_FINALIZER, type Report } from '../../../crossplane/embedded/report.ts';
import { EXTERNAL_NAME_ANNOTATION } from '../../../crossplane/reference/marks.ts';
import { resourceId, type ResourceId } from '../../../crossplane/reference/identity.ts';
import { isObject } from '../../../crossplane/schema/json.ts';
import { ApiError, type KubernetesClient } from './client.ts';
import { dated, refusedDeletion, sameStatus } from './conditions.ts';

/** AWS as the stand-in provider sees it; the embedded control plane's `standInProvider` is one. */
export interface Aws {
  /** One look at an object; undefined when the provider does not get to it. */
  reconcile(object: KubernetesObject, faults: readonly Fault[]): Report | undefined;
  remove(object: KubernetesObject): Removal;
}

export interface ProviderOptions {
  readonly client: KubernetesClient;
  readonly kinds: readonly GroupVersionKind[];
  readonly aws: Aws;
  /** Milliseconds that AWS takes to create, update or delete. @default 100 */
  readonly delay?: number;
  /** Whether it looks after a namespace. @default after all */
  readonly serves?: (namespace: string) => boolean;
}

/** What AWS was asked to do, in order; `refused` is a deletion that it did not do. */
export interface AwsCall {
  readonly action: 'created' | 'deleted' | 'refused';
  readonly resource: ResourceId;
  readonly namespace: string;
  readonly externalName: string;
}

export const FINALIZER = MANAGED_FINALIZER;
const MANAGER = 'provider';
/** Milliseconds until a refused deletion is tried again: twice as long each time (the real provider: 1 s to 60 s). */
const BACK_OFF = { first: 100, longest: 1_600 };

/**
 * Stands in for the AWS provider: finalizer, external name, status and conditions of every managed resource, and the
 * removal of its finalizer on deletion.
 */
export class StandInProvider {
  readonly #options: ProviderOptions;
  readonly #objects = new Map<string, KubernetesObject>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #looking = new Set<string>();
  /** Changed while it was being looked at. */
  readonly #again = new Set<string>();
  /** Deletions that AWS has refused: how often, and the time before which it is not asked again. */
  readonly #refused = new Map<string, { readonly times: number; readonly until: number }>();
  readonly #abort = new AbortController();
  readonly #watches: readonly Promise<void>[];
  readonly #calls: AwsCall[] = [];
  #faults: readonly Fault[] = [];

  constructor(options: ProviderOptions) {
    this.#options = options;
    // One a kind: Node warns of more than ten.
    setMaxListeners(options.kinds.length + 10, this.#abort.signal);
    this.#watches = options.kinds.map((kind) =>
      options.client.watch(
        kind,
        (type, object) => {
          this.#seen(type, object);
        },
        this.#abort.signal,
      ),
    );
  }

  /** The kinds that it looks after. */
  get kinds(): readonly GroupVersionKind[] {
    return this.#options.kinds;
  }

  /** All that AWS was asked to create or delete. */
  get calls(): readonly AwsCall[] {
    return this.#calls;
  }

  /** From now on exactly these faults hold; what had one before is looked at again. */
  inject(faults: readonly Fault[]): void {
    this.#faults = faults;
    for (const key of this.#objects.keys()) this.#schedule(key, 0);
  }

  /** Looks at nothing any more. */
  async stop(): Promise<void> {
    this.#abort.abort();
    for (const timer of this.#timers.values()) clearTimeout(timer);
    await Promise.all(this.#watches);
  }

  #seen(type: 'ADDED' | 'MODIFIED' | 'DELETED', object: KubernetesObject): void {
    if (this.#options.serves?.(object.metadata.namespace ?? '') === false) return;
    const key = object.metadata.uid ?? '';
    if (type === 'DELETED') {
      this.#objects.delete(key);
      this.#refused.delete(key);
      return;
    }
    const before = this.#objects.get(key);
    this.#objects.set(key, object);
    const newWork =
      before?.metadata.generation !== object.metadata.generation ||
      before?.metadata.deletionTimestamp !== object.metadata.deletionTimestamp;
    this.#schedule(key, newWork ? (this.#options.delay ?? 100) : 0);
  }

  /** One look at a time, and never earlier than AWS would have answered. */
  #schedule(key: string, delay: number): void {
    if (this.#abort.signal.aborted) return;
    if (this.#looking.has(key)) this.#again.add(key);
    if (this.#looking.has(key) || this.#timers.has(key)) return;
    const wait = Math.max(delay, (this.#refused.get(key)?.until ?? 0) - performance.now());
    this.#timers.set(
      key,
      setTimeout(() => void this.#look(key), wait),
    );
  }

  async #look(key: string): Promise<void> {
    this.#timers.delete(key);
    this.#looking.add(key);
    let retry = false;
    try {
      await this.#reconcile(key);
    } catch (error) {
      // Somebody else was faster, or the API server is gone: look again at what is then there.
      retry = !(error instanceof ApiError && error.status === 404);
    }
    this.#looking.delete(key);
    if (this.#again.delete(key) || retry) this.#schedule(key, retry ? 100 : 0);
  }

  async #reconcile(key: string): Promise<void> {
    const known = this.#objects.get(key);
    // Never from memory: the garbage collector changes finalizers in between.
    const object = known === undefined ? undefined : await this.#options.client.get(known);
    if (object?.metadata.uid !== key) return;
    const id = resourceId(object, object.metadata.name);
    if (object.metadata.deletionTimestamp !== undefined) {
      return isFaulty(this.#faults, id, 'freeze') ? undefined : this.#remove(object, id);
    }
    const report = this.#options.aws.reconcile(object, this.#faults);
    if (report === undefined) return;
    if (report.busy) this.#again.add(key);
    const marked = await this.#marked(object, id, report);
    await this.#report(marked, report.atProvider, dated(marked, report.conditions));
  }

  /** Sets the finalizer, and the external name where it writes one, before it reports anything. */
  async #marked(object: KubernetesObject, id: ResourceId, { writes, finalizer }: Report): Promise<KubernetesObject> {
    const { annotations, finalizers = [], namespace = '' } = object.metadata;
    const marks = finalizer && !finalizers.includes(FINALIZER);
    const names = writes !== undefined && annotations?.[EXTERNAL_NAME_ANNOTATION] !== writes;
    if (!marks && !names) return object;
    const patched = await this.#options.client.patch(
      object,
      {
        metadata: {
          resourceVersion: object.metadata.resourceVersion ?? '',
          ...(names ? { annotations: { [EXTERNAL_NAME_ANNOTATION]: writes } } : {}),
          ...(marks ? { finalizers: [...finalizers, FINALIZER] } : {}),
        },
      },
      { manager: MANAGER },
    );
    const externalName = writes ?? annotations?.[EXTERNAL_NAME_ANNOTATION] ?? '';
    if (marks) this.#calls.push({ action: 'created', resource: id, namespace, externalName });
    return patched;
  }

  /** @param atProvider undefined when it stays as it was */
  async #report(
    object: KubernetesObject,
    atProvider: JsonObject | undefined,
    conditions: readonly JsonObject[],
  ): Promise<void> {
    const before = object.status?.['atProvider'];
    const status = { atProvider: atProvider ?? (isObject(before) ? before : {}), conditions };
    if (sameStatus(object, status)) return;
    await this.#options.client.patch(
      object,
      { status: { ...status, atProvider: replacing(object, status.atProvider) } },
      { manager: MANAGER, status: true },
    );
  }

  /** Removes the resource from AWS where the policies say so and AWS lets it go, then our finalizer. */
  async #remove(object: KubernetesObject, id: ResourceId): Promise<void> {
    const { finalizers = [], annotations, namespace = '', resourceVersion = '' } = object.metadata;
    if (!finalizers.includes(FINALIZER) || isFaulty(this.#faults, id, 'fail')) return;
    const externalName = annotations?.[EXTERNAL_NAME_ANNOTATION] ?? '';
    const removal = this.#options.aws.remove(object);
    if (removal.outcome === 'deleted' || removal.outcome === 'refused') {
      this.#calls.push({ action: removal.outcome, resource: id, namespace, externalName });
    }
    if (removal.outcome === 'refused') {
      this.#backOff(object.metadata.uid ?? '');
      return this.#report(object, undefined, refusedDeletion(object, removal.message));
    }
    await this.#options.client.patch(
      object,
      { metadata: { resourceVersion, finalizers: finalizers.filter((one) => one !== FINALIZER) } },
      { manager: MANAGER },
    );
  }

  /** Another look later, and none before. */
  #backOff(key: string): void {
    const times = this.#refused.get(key)?.times ?? 0;
    const wait = Math.min(BACK_OFF.first * 2 ** times, BACK_OFF.longest);
    this.#refused.set(key, { times: times + 1, until: performance.now() + wait });
    this.#again.add(key);
  }
}

/** A merge patch that leaves nothing of the old fields. */
function replacing(object: KubernetesObject, next: JsonObject): JsonObject {
  const before = object.status?.['atProvider'];
  const gone = Object.keys(isObject(before) ? before : {}).filter((name) => !(name in next));
  return { ...next, ...Object.fromEntries(gone.map((name) => [name, null])) };
}
