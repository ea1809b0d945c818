import type { KubernetesObject, ObjectMetadata } from '../../imports/base.ts';
import { composedFieldManager } from '../compose/hold.ts';
import { statusFields } from '../compose/status.ts';
import type { Composed, Composer, ComposeResult } from '../compose/types.ts';
import { API_VERSION } from '../definition/api.ts';
import { resourceId, type ResourceId } from '../reference/identity.ts';
import type { SchemaRegistry } from '../schema/registry.ts';
import type { Violation } from '../schema/violation.ts';
import { compositeConditions, managedStatus, refusedStatus } from './controllers.ts';
import { isFaulty, type Fault } from './faults.ts';
import { ManagedKinds } from './managed-kinds.ts';
import { composedObject, controllerUid } from './owners.ts';
import type { StandInProvider } from './provider.ts';
import { MANAGED_FINALIZER, withFinalizer, withoutFinalizer } from './report.ts';
import { keyOf, EmbeddedApiServer, type ObjectKey } from './api-server.ts';

/** The field manager of what a person, or Argo CD, applies. */
export const USER = 'owlnest-user';

export interface Converged {
  /** Every composite is Ready. */
  readonly ready: boolean;
  /** Passes until nothing changed any more. */
  readonly passes: number;
  /** Newest result of each composite, by its identity. */
  readonly composites: ReadonlyMap<ResourceId, ComposeResult>;
  /** What the API server would have refused of what a composite desires; none in a good world. */
  readonly refusals: ReadonlyMap<ResourceId, readonly Violation[]>;
  readonly objects: readonly KubernetesObject[];
  /** False when the limit of passes came first. */
  readonly settled: boolean;
}

/** What a composite is reconciled from. */
interface Seen {
  readonly composite: KubernetesObject;
  /** What the function is shown of what it owns. */
  readonly resources: ReadonlyMap<ResourceId, KubernetesObject>;
  readonly owned: readonly KubernetesObject[];
}

/** Enough for any chain of references: each pass makes known what the one before waited for. */
const PASS_LIMIT = 100;

/**
 * A control plane in this process: it repeats what Crossplane core, the provider and the garbage collector do with the
 * same compose step until nothing changes any more.
 */
export class EmbeddedControlPlane {
  readonly apiServer: EmbeddedApiServer;
  readonly #schemas: SchemaRegistry;
  readonly #provider: Pick<StandInProvider, 'reconcile' | 'remove'>;
  readonly #results = new Map<ResourceId, ComposeResult>();
  readonly #refusals = new Map<ResourceId, readonly Violation[]>();
  /** What each composite desired last, by uid: core shows the function nothing else, even if it is still there. */
  readonly #references = new Map<string, ReadonlySet<ResourceId>>();
  /** By uid: what a composite was reconciled from the last time, where that changed nothing. */
  readonly #quiet = new Map<string, Seen>();
  readonly #kinds: ManagedKinds;
  #faults: readonly Fault[] = [];
  #composer: Composer;

  constructor(composer: Composer, schemas: SchemaRegistry, provider: Pick<StandInProvider, 'reconcile' | 'remove'>) {
    this.apiServer = new EmbeddedApiServer(schemas);
    this.#kinds = new ManagedKinds(schemas);
    this.#composer = composer;
    this.#schemas = schemas;
    this.#provider = provider;
  }

  /** Applies an object as a person would; says what is wrong with it, and then keeps nothing of it. */
  apply(object: KubernetesObject): readonly Violation[] {
    const applied = this.apiServer.apply(object, USER);
    return 'violations' in applied ? applied.violations : [];
  }

  /** Asks for an object's deletion. */
  remove(key: ObjectKey): void {
    this.apiServer.delete(key);
  }

  /** From now on every pass has exactly these faults. */
  inject(faults: readonly Fault[]): void {
    this.#faults = faults;
  }

  /** Another release of the function. */
  use(composer: Composer): void {
    this.#composer = composer;
    this.#quiet.clear();
  }

  /**
   * From now on the activation policies list these managed kinds, and core tells the function so. A cluster that begins
   * without them has all kinds, and nobody speaks of it. As in core, a kind that was there once stays, listed or not.
   */
  activate(definitions: Iterable<string>): void {
    this.#kinds.list(definitions, { begins: this.apiServer.list().length === 0 });
    this.#quiet.clear();
  }

  /** One pass of every controller; true when anything changed, or AWS is still at something. */
  step(): boolean {
    const before = this.apiServer.version;
    const leftAlone = this.#reconcileComposites();
    const busy = this.#reconcileManaged();
    this.#collectGarbage();
    // What comes to rest does so in a pass that leaves nothing out: to leave a composite alone decides nothing.
    if (this.apiServer.version === before)
      for (const { composite, resources } of leftAlone) this.#compose(composite, resources);
    return busy || this.apiServer.version !== before;
  }

  /** Passes until nothing changes any more (law 9). */
  converge(limit: { readonly passes: number } = { passes: PASS_LIMIT }): Converged {
    let passes = 0;
    let settled = false;
    while (!settled && passes < limit.passes) {
      settled = !this.step();
      passes += 1;
    }
    const results = [...this.#results.values()];
    const refusals = new Map([...this.#refusals].filter(([, refused]) => refused.length > 0));
    const ready = refusals.size === 0 && results.every((result) => result.outcome === 'composed' && result.ready);
    return { ready, passes, settled, refusals, composites: new Map(this.#results), objects: this.apiServer.list() };
  }

  /** What one composite composed, as core would hand it to the function. */
  composedBy(composite: KubernetesObject): ReadonlyMap<ResourceId, KubernetesObject> {
    return this.#referencedOf(composite, this.#ownedBy(composite));
  }

  #referencedOf(
    { metadata }: KubernetesObject,
    owned: readonly KubernetesObject[],
  ): ReadonlyMap<ResourceId, KubernetesObject> {
    const referenced = this.#references.get(metadata.uid ?? '');
    const named = owned.map((object) => [resourceId(object, object.metadata.name), object] as const);
    return new Map(named.filter(([id]) => referenced?.has(id) === true));
  }

  #ownedBy({ metadata }: KubernetesObject): readonly KubernetesObject[] {
    return this.apiServer.list().filter((object) => controllerUid(object) === metadata.uid);
  }

  /**
   * Parents come before their children, so a new child is composed in the pass that makes it.
   * @returns those for which everything is as it was when reconciling them changed nothing
   */
  #reconcileComposites(): readonly Seen[] {
    const done = new Set<string>();
    const leftAlone: Seen[] = [];
    for (let next = this.#nextComposite(done); next !== undefined; next = this.#nextComposite(done)) {
      done.add(next.metadata.uid ?? '');
      // Core never asks the function about a composite that is being deleted.
      if (next.metadata.deletionTimestamp !== undefined) continue;
      const owned = this.#ownedBy(next);
      const seen = { composite: next, resources: this.#referencedOf(next, owned), owned };
      // Objects are replaced and never change: the same ones give the same answer (law 1), which is applied already.
      if (isSame(seen, this.#quiet.get(next.metadata.uid ?? ''))) leftAlone.push(seen);
      else this.#reconcileComposite(seen);
    }
    return leftAlone;
  }

  #nextComposite(done: ReadonlySet<string>): KubernetesObject | undefined {
    return this.apiServer
      .list()
      .find(({ apiVersion, metadata }) => apiVersion === API_VERSION && !done.has(metadata.uid ?? ''));
  }

  #reconcileComposite(seen: Seen): void {
    const { version } = this.apiServer;
    this.#compose(seen.composite, seen.resources);
    const uid = seen.composite.metadata.uid ?? '';
    if (this.apiServer.version === version) this.#quiet.set(uid, seen);
    else this.#quiet.delete(uid);
  }

  #compose(composite: KubernetesObject, resources: ReadonlyMap<ResourceId, KubernetesObject>): void {
    const { listed } = this.#kinds;
    const result = this.#kinds.mapped(this.#composer.compose({ composite, resources, activated: listed }));
    const id = resourceId(composite, composite.metadata.name);
    this.#results.set(id, result);
    const refusals = result.outcome === 'refused' ? [] : this.#applyComposed(composite, resources, result);
    this.#refusals.set(id, refusals);
    const problems = result.outcome === 'refused' ? result.violations : refusals;
    this.apiServer.patch(keyOf(composite), (object) => ({
      ...object,
      metadata: withRootLabel(withFinalizer(object.metadata, 'composite.apiextensions.crossplane.io')),
      status: {
        ...(result.outcome === 'composed' ? statusFields(result.status) : object.status),
        conditions: compositeConditions(object, result, problems),
      },
    }));
  }

  /** As core: what is desired no longer goes first, then everything desired is applied, object by object. */
  #applyComposed(
    composite: KubernetesObject,
    resources: ReadonlyMap<ResourceId, KubernetesObject>,
    { desired }: Composed,
  ): readonly Violation[] {
    for (const [id, object] of resources) {
      if (!desired.has(id)) this.apiServer.delete(keyOf(object));
    }
    this.#references.set(composite.metadata.uid ?? '', new Set(desired.keys()));
    const manager = composedFieldManager(composite);
    return [...desired].flatMap(([id, { object }]) => {
      const applied = this.apiServer.apply(composedObject(object, id, composite), manager);
      return 'violations' in applied ? applied.violations : [];
    });
  }

  /** @returns whether the provider waits for AWS */
  #reconcileManaged(): boolean {
    let busy = false;
    for (const object of this.apiServer.list()) {
      if (this.#schemas.find(object)?.provider === undefined) continue;
      const id = resourceId(object, object.metadata.name);
      if (object.metadata.deletionTimestamp === undefined) busy = this.#reconcileOne(object) || busy;
      else if (!isFaulty(this.#faults, id, 'freeze')) this.#finalize(object);
    }
    return busy;
  }

  #reconcileOne(object: KubernetesObject): boolean {
    const report = this.#provider.reconcile(object, this.#faults);
    if (report === undefined) return false;
    this.apiServer.patch(keyOf(object), (current) => managedStatus(current, report));
    return report.busy;
  }

  #finalize(object: KubernetesObject): void {
    const removal = this.#provider.remove(object);
    if (removal.outcome === 'refused') {
      return this.apiServer.patch(keyOf(object), (current) => refusedStatus(current, removal.message));
    }
    this.apiServer.patch(keyOf(object), (current) => ({
      ...current,
      metadata: withoutFinalizer(current.metadata, MANAGED_FINALIZER),
    }));
  }

  /** Foreground deletion: what an object owns goes before it, and an object without its owner goes. */
  #collectGarbage(): void {
    const objects = this.apiServer.list();
    const byUid = new Map(objects.map((object) => [object.metadata.uid ?? '', object]));
    const owners = new Set(objects.map(controllerUid));
    for (const object of objects) {
      const owner = controllerUid(object);
      const parent = owner === undefined ? undefined : byUid.get(owner);
      const orphaned =
        owner !== undefined && (parent?.metadata.deletionTimestamp !== undefined || parent === undefined);
      if (orphaned) this.apiServer.delete(keyOf(object));
      if (object.metadata.deletionTimestamp === undefined || owners.has(object.metadata.uid ?? '')) continue;
      const held = (object.metadata.finalizers ?? []).some((name) => name.startsWith('finalizer.'));
      if (!held) this.#forget(object);
    }
  }

  #forget(object: KubernetesObject): void {
    this.apiServer.remove(keyOf(object));
    this.#results.delete(resourceId(object, object.metadata.name));
    this.#refusals.delete(resourceId(object, object.metadata.name));
  }
}

function isSame(seen: Seen, before: Seen | undefined): boolean {
  if (before?.composite !== seen.composite) return false;
  return areSame([...seen.resources.values()], [...before.resources.values()]) && areSame(seen.owned, before.owned);
}

function areSame(some: readonly KubernetesObject[], others: readonly KubernetesObject[]): boolean {
  return some.length === others.length && some.every((object, index) => object === others[index]);
}

/** Core labels everything with the name of the composite at the root, and that one with its own. */
function withRootLabel(metadata: ObjectMetadata): ObjectMetadata {
  return { ...metadata, labels: { 'crossplane.io/composite': metadata.name, ...metadata.labels } };
}
