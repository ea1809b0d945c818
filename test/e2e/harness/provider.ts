import { setMaxListeners } from 'node:events';
import type { GroupVersionKind, JsonObject, KubernetesObject } from '../../../imports/base.ts';
import type { Removal } from '../../../crossplane/embedded/provider.ts';
import { isFaulty, type Fault } from '../../../crossplane/embedded/faults.ts';
import { MANAGED_FINALIZER, type ConditionReport, type Report } from '../../../crossplane/embedded/report.ts';
import { EXTERNAL_NAME_ANNOTATION } from '../../../crossplane/reference/marks.ts';
import { resourceId, type ResourceId } from '../../../crossplane/reference/identity.ts';
import { isObject } from '../../../crossplane/schema/json.ts';
import { ApiError, type KubernetesClient } from './client.ts';
import { dated, refusedDeletion, sameStatus } from './conditions.ts';
import { initialisation } from './initialised.ts';

/** What one look at an object did. */
export interface Look extends Report {
  /** External name of what AWS made in it. */
  readonly created: string | undefined;
}

/** AWS, and what the provider has in memory of it. */
export interface Aws {
  /** One look at an object; undefined when the provider does not get to it. */
  reconcile(object: KubernetesObject, faults: readonly Fault[]): Look | undefined;
  remove(object: KubernetesObject): Removal;
  /** The memory is lost. */
  restart(): void;
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
 * AWS has no time for one look in so many that follow a change or a start of the provider. Each costs two writes, of which
 * core's watch breaker takes one a second.
 */
const CHANGES_PER_THROTTLE = 50;
/** Milliseconds after which a look that failed is repeated. */
const RETRY = 100;

/** What was under way when the provider was killed goes no further. */
class Killed extends Error {}

/**
 * Stands in for the AWS provider, as unkind as that was seen to be: it writes its own tags and an empty `initProvider` into
 * specs, has names in memory only, says Synced for a change that it has not yet sent to AWS, and can be killed.
 * The embedded control plane's `standInProvider` decides what AWS and the provider do; here is when, and who writes it.
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
  /** Generations whose spec AWS has, by uid. */
  readonly #sent = new Map<string, number>();
  #faults: readonly Fault[] = [];
  #changes = 0;
  /** One more after each kill. */
  #life = 0;

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

  /**
   * Killed (SIGKILL) and started again: of what was under way AWS may have done its part, but nothing more is written;
   * what was in memory is lost, and every object is looked at again.
   */
  crash(): void {
    this.#life += 1;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    for (const memory of [this.#timers, this.#looking, this.#again, this.#refused, this.#sent]) memory.clear();
    this.#options.aws.restart();
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
    this.#schedule(key, newWork ? this.#delay : 0);
  }

  get #delay(): number {
    return this.#options.delay ?? 100;
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
    const life = this.#life;
    this.#timers.delete(key);
    this.#looking.add(key);
    let next: number | undefined;
    try {
      next = await this.#reconcile(key, () => {
        if (life !== this.#life) throw new Killed();
      });
    } catch (error) {
      // Somebody else was faster, or the API server is gone: look again at what is then there.
      if (!(error instanceof ApiError && error.status === 404)) next = RETRY;
    }
    if (life !== this.#life) return;
    this.#looking.delete(key);
    const changed = this.#again.delete(key);
    if (changed || next !== undefined) this.#schedule(key, next ?? 0);
  }

  /**
   * @param alive throws once the provider was killed: called before every write
   * @returns milliseconds after which it looks again
   */
  async #reconcile(key: string, alive: () => void): Promise<number | undefined> {
    const known = this.#objects.get(key);
    // Never from memory: the garbage collector changes finalizers in between.
    const found = known === undefined ? undefined : await this.#options.client.get(known);
    if (found?.metadata.uid !== key) return undefined;
    alive();
    const id = resourceId(found, found.metadata.name);
    if (isFaulty(this.#faults, id, 'freeze')) return undefined;
    if (found.metadata.deletionTimestamp !== undefined) return this.#remove(found, id, alive);
    const object = await this.#initialised(found);
    alive();
    const { generation = 1 } = object.metadata;
    const sent = this.#sent.get(key);
    this.#sent.set(key, generation);
    if (sent !== undefined && sent !== generation && object.status?.['atProvider'] !== undefined) {
      return this.#startUpdate(object);
    }
    const isThrottled = sent !== generation && ++this.#changes % CHANGES_PER_THROTTLE === 0;
    const faults = isThrottled ? [...this.#faults, { kind: 'throttle', resource: id } as const] : this.#faults;
    const look = this.#options.aws.reconcile(object, faults);
    if (look === undefined) return undefined;
    if (look.created !== undefined) this.#note('created', object, look.created);
    const marked = await this.#marked(object, look, alive);
    alive();
    const conditions =
      look.created !== undefined && isHasty(object) ? look.conditions.map(ofNoGeneration) : look.conditions;
    await this.#report(marked, look.atProvider, dated(marked, conditions));
    return isThrottled ? RETRY : look.busy ? this.#delay : undefined;
  }

  /**
   * The update of an object that AWS has runs on its own: until it is sent, the provider says that the newest generation
   * is Synced, and shows what was there before.
   */
  async #startUpdate(object: KubernetesObject): Promise<number> {
    const synced = { type: 'Synced', status: true, reason: 'ReconcileSuccess', ofGeneration: true } as const;
    await this.#report(object, undefined, dated(object, [synced]));
    return this.#delay;
  }

  /** With what the provider writes into the spec before anything else. */
  async #initialised(object: KubernetesObject): Promise<KubernetesObject> {
    const spec = initialisation(object);
    if (spec === undefined) return object;
    const { resourceVersion = '' } = object.metadata;
    return this.#options.client.patch(object, { metadata: { resourceVersion }, spec }, { manager: MANAGER });
  }

  /** Sets the finalizer, and the external name where it writes one, before it reports anything. */
  async #marked(object: KubernetesObject, { writes, finalizer }: Look, alive: () => void): Promise<KubernetesObject> {
    const { annotations, finalizers = [], resourceVersion = '' } = object.metadata;
    const marks = finalizer && !finalizers.includes(FINALIZER);
    const names = writes !== undefined && annotations?.[EXTERNAL_NAME_ANNOTATION] !== writes;
    if (!marks && !names) return object;
    alive();
    const metadata = {
      resourceVersion,
      ...(names ? { annotations: { [EXTERNAL_NAME_ANNOTATION]: writes } } : {}),
      ...(marks ? { finalizers: [...finalizers, FINALIZER] } : {}),
    };
    return this.#options.client.patch(object, { metadata }, { manager: MANAGER });
  }

  #note(action: AwsCall['action'], { apiVersion, kind, metadata }: KubernetesObject, externalName: string): void {
    const { name, namespace = '' } = metadata;
    this.#calls.push({ action, resource: resourceId({ apiVersion, kind }, name), namespace, externalName });
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
  async #remove(object: KubernetesObject, id: ResourceId, alive: () => void): Promise<undefined> {
    const { finalizers = [], annotations, resourceVersion = '' } = object.metadata;
    if (!finalizers.includes(FINALIZER) || isFaulty(this.#faults, id, 'fail')) return;
    const removal = this.#options.aws.remove(object);
    if (removal.outcome === 'deleted' || removal.outcome === 'refused') {
      this.#note(removal.outcome, object, annotations?.[EXTERNAL_NAME_ANNOTATION] ?? '');
    }
    alive();
    if (removal.outcome === 'refused') {
      this.#backOff(object.metadata.uid ?? '');
      return this.#report(object, undefined, refusedDeletion(object, removal.message)).then(() => undefined);
    }
    await this.#options.client.patch(
      object,
      { metadata: { resourceVersion, finalizers: finalizers.filter((one) => one !== FINALIZER) } },
      { manager: MANAGER },
    );
    return undefined;
  }

  /** Another look later, and none before. */
  #backOff(key: string): void {
    const times = this.#refused.get(key)?.times ?? 0;
    const wait = Math.min(BACK_OFF.first * 2 ** times, BACK_OFF.longest);
    this.#refused.set(key, { times: times + 1, until: performance.now() + wait });
    this.#again.add(key);
  }
}

/**
 * For one object in four the callback of the creation is faster than the look that began it, and knows no generation. By
 * its name, so that every run has the same ones.
 */
function isHasty({ metadata: { name } }: KubernetesObject): boolean {
  return [...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 4 === 0;
}

function ofNoGeneration(condition: ConditionReport): ConditionReport {
  return { ...condition, ofGeneration: false };
}

/** A merge patch that leaves nothing of the old fields. */
function replacing(object: KubernetesObject, next: JsonObject): JsonObject {
  const before = object.status?.['atProvider'];
  const gone = Object.keys(isObject(before) ? before : {}).filter((name) => !(name in next));
  return { ...next, ...Object.fromEntries(gone.map((name) => [name, null])) };
}
