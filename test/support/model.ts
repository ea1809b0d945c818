import type { ComposeRequest, ComposeResult, Composer } from '../../crossplane/compose/types.ts';
import { EmbeddedControlPlane } from '../../crossplane/embedded/control-plane.ts';
import type { Fault } from '../../crossplane/embedded/faults.ts';
import { keyOf } from '../../crossplane/embedded/api-server.ts';
import { resourceId, type ResourceId } from '../../crossplane/reference/identity.ts';
import type { KubernetesObject } from '../../imports/base.ts';
import { family } from './family.ts';
import { compositeObject, NAMESPACE, worldOf, type World } from './world.ts';

export type Command =
  | { readonly do: 'pass'; readonly times: number }
  | { readonly do: 'edit'; readonly key: string; readonly value: string }
  | { readonly do: 'allow'; readonly table: string; readonly allowed: boolean }
  | { readonly do: 'fault'; readonly kind: Fault['kind']; readonly target: number }
  | { readonly do: 'heal' }
  /** The provider is killed and starts again. */
  | { readonly do: 'restart' }
  | { readonly do: 'delete'; readonly target: number }
  | { readonly do: 'foreign'; readonly target: number }
  | { readonly do: 'release'; readonly release: 1 | 2 }
  | { readonly do: 'stale'; readonly passes: number }
  | { readonly do: 'list'; readonly kinds: readonly string[] };

/** Definitions of all managed kinds of the family. */
export const KINDS: readonly string[] = [
  'keys.kms.aws.m.upbound.io',
  'tables.dynamodb.aws.m.upbound.io',
  'topics.sns.aws.m.upbound.io',
  'policies.iam.aws.m.upbound.io',
  'restapis.apigateway.aws.m.upbound.io',
  'deployments.apigateway.aws.m.upbound.io',
  'stages.apigateway.aws.m.upbound.io',
];

const DATA = /^(Key|Table)$/;
const entryOf = (table: string) => `left/Table/test-left-table-${table}`;

/** Lets observations of an earlier pass reach the function. */
class StalePlane extends EmbeddedControlPlane {
  stale = 0;
  readonly #history = new Map<string, ReadonlyMap<ResourceId, KubernetesObject>[]>();

  override composedBy(composite: KubernetesObject): ReadonlyMap<ResourceId, KubernetesObject> {
    const now = super.composedBy(composite);
    const history = this.#history.get(composite.metadata.uid ?? '') ?? [];
    this.#history.set(composite.metadata.uid ?? '', [...history, now].slice(-6));
    return (this.stale > 0 ? history.at(-this.stale) : undefined) ?? now;
  }
}

const composers = { 1: worldOf(family(1), '1.0.0').composer, 2: worldOf(family(2), '2.0.0').composer };

/** The family under commands, with the laws checked in every pass. */
export class Model {
  /** Sentences of broken laws. */
  readonly broken: string[] = [];
  readonly #world: World;
  readonly #plane: StalePlane;
  readonly #values: Record<string, string> = { topics: 'a b', tables: 'x', body: 'one', text: 'p' };
  readonly #allowed = new Set<string>();
  /** Tables that allowRemoval has ever named: they may be gone. */
  readonly #everAllowed = new Set<string>();
  /** Data in AWS, by key of the stand-in. */
  readonly #data = new Set<string>();
  #faults: Fault[] = [];
  #release: 1 | 2 = 1;
  #wasStale = false;
  #requests: (readonly [ComposeRequest, ComposeResult])[] = [];
  /** Uids of objects whose resource nobody could find again when the provider was killed: AWS had it, nobody its id. */
  readonly #unseen = new Set<string>();

  /** @param listed kinds that the cluster begins with; all, and no policy, when left out */
  constructor(listed?: readonly string[]) {
    this.#world = worldOf(family(1));
    this.#plane = new StalePlane(this.#watched(this.#world.composer), this.#world.schemas, this.#world.provider);
    if (listed !== undefined) this.#plane.activate(listed);
    this.#apply();
  }

  run(command: Command): void {
    if (command.do === 'edit') this.#values[command.key] = command.value;
    if (command.do === 'allow') this.#allow(command.table, command.allowed);
    if (command.do === 'fault') this.#fault(command.kind, command.target);
    if (command.do === 'heal') this.#faults = [];
    if (command.do === 'restart') this.#restart();
    if (command.do === 'delete') this.#withManaged(command.target, (object) => this.#delete(object));
    if (command.do === 'foreign') this.#withManaged(command.target, (object) => this.#foreign(object));
    if (command.do === 'release') this.#use(command.release);
    if (command.do === 'list') this.#plane.activate(command.kinds);
    this.#plane.stale = command.do === 'stale' ? command.passes : 0;
    this.#wasStale ||= command.do === 'stale';
    this.#apply();
    for (let times = command.do === 'pass' ? command.times : 1; times > 0; times -= 1) this.#pass();
    this.#plane.stale = 0;
  }

  /** No more unready: the end state must be reached, and it is that of an environment made from nothing. */
  quiet(): void {
    this.#faults = [];
    // What a creation that failed left in the provider's memory goes only so.
    this.#restart();
    this.#plane.activate(KINDS);
    this.#apply();
    for (let pass = 0; this.#pass(); pass += 1) {
      if (pass > 150) return void this.broken.push('law 9: it never comes to rest');
    }
    const kept = new Set(this.#lastHeld().map(({ resource }) => resource));
    for (const { resource, reason } of this.#lastHeld()) {
      if (reason !== 'not-declared') this.broken.push(`law 9: at rest ${resource} is still held: ${reason}`);
    }
    // What was made again while its name was off has two names, and waits for a person.
    const isDoubled = this.#wasStale && this.#doubled().size > 0;
    if (kept.size === 0 && !isDoubled && !this.#plane.converge({ passes: 3 }).ready)
      this.broken.push('law 8: at rest, but not ready');
    const fresh = worldOf(family(this.#release));
    fresh.plane.apply(this.#composite());
    const wanted = namesOf(fresh.plane.converge().objects);
    const got = namesOf(this.#visible().filter((object) => !kept.has(resourceId(object, object.metadata.name))));
    if (JSON.stringify(wanted) !== JSON.stringify(got)) {
      this.broken.push(`law 9: wanted ${wanted.join(' ')} but got ${got.join(' ')}`);
    }
  }

  /**
   * Core forgets what it did not observe and what is then not desired: such an object is left over, out of the
   * function's reach. Only a stale observation can do that.
   */
  #visible(): readonly KubernetesObject[] {
    const objects = this.#plane.apiServer.list();
    if (!this.#wasStale) return objects;
    const shown = new Set(objects.flatMap((object) => [...this.#plane.composedBy(object).values()]).map(keyText));
    return objects.filter((object) => object.kind === 'Parent' || shown.has(keyText(object)));
  }

  #pass(): boolean {
    const before = new Map(this.#plane.apiServer.list().map((object) => [object.metadata.uid, object]));
    this.#requests = [];
    this.#plane.inject(this.#faults);
    const changed = this.#plane.step();
    this.#check(before);
    return changed;
  }

  #check(before: ReadonlyMap<string | undefined, KubernetesObject>): void {
    for (const object of this.#plane.apiServer.list()) {
      if (JSON.stringify(object.spec).includes('${owlnest:'))
        this.broken.push(`law 2: a token in ${object.metadata.name}`);
      const conditions = JSON.stringify(object.status?.['conditions'] ?? []);
      const name = nameOn(before.get(object.metadata.uid));
      // An observation that is older than the name takes it off, until the next one tells it again.
      if (name !== '' && nameOn(object) !== name && !this.#wasStale)
        this.broken.push(`law 5: ${object.metadata.name} lost its name ${name}`);
      if (conditions.includes('no matches for kind')) this.broken.push(`law 7: ${object.metadata.name}: ${conditions}`);
    }
    for (const [key, { kind, externalName }] of this.#world.provider.aws) {
      if (DATA.test(kind)) this.#data.add(`${key} ${externalName}`);
    }
    const still = new Set([...this.#world.provider.aws].map(([key, { externalName }]) => `${key} ${externalName}`));
    for (const data of this.#data) {
      const allowed = [...this.#everAllowed].some((table) => data.endsWith(` table-${table}`));
      if (!still.has(data) && !allowed) this.broken.push(`law 4: ${data} is gone from AWS`);
    }
    this.#checkNames();
    this.#checkCreations();
    for (const [request, result] of this.#requests) this.#checkResult(request, result, before);
  }

  /** What has a name is never made twice: not the object's, and not one that its status tells. */
  #checkCreations(): void {
    if (this.#wasStale) return;
    for (const [uid, names] of this.#doubled()) {
      if (!this.#unseen.has(uid)) this.broken.push(`law 5: made twice for one object: ${names.join(', ')}`);
    }
  }

  /** What AWS has made more than once for one object, by its uid. */
  #doubled(): ReadonlyMap<string, readonly string[]> {
    const made = new Map<string, string[]>();
    for (const { uid, kind, externalName } of this.#world.provider.creations) {
      made.set(uid, [...(made.get(uid) ?? []), `${kind} ${externalName}`]);
    }
    return new Map([...made].filter(([, names]) => names.length > 1));
  }

  #checkNames(): void {
    const seen = new Map<string, string>();
    for (const { kind, metadata } of this.#visible()) {
      const external = metadata.annotations?.['crossplane.io/external-name'];
      if (external === undefined || metadata.deletionTimestamp !== undefined) continue;
      const other = seen.get(`${kind} ${external}`);
      if (other !== undefined) this.broken.push(`law 5: ${other} and ${metadata.name} are both ${kind} ${external}`);
      seen.set(`${kind} ${external}`, metadata.name);
    }
  }

  #restart(): void {
    this.#world.provider.restart();
    for (const { metadata, status } of this.#plane.apiServer.list()) {
      const { id = '' } = Object(status?.['atProvider']) as { id?: string };
      if (id === '' && nameOn({ metadata }) === '') this.#unseen.add(metadata.uid ?? '');
    }
  }

  #checkResult(
    request: ComposeRequest,
    result: ComposeResult,
    before: ReadonlyMap<string | undefined, KubernetesObject>,
  ): void {
    if (result.outcome === 'refused')
      return void this.broken.push(`law 7: refused ${JSON.stringify(result.violations)}`);
    const again = this.#composer().compose(shuffled(request));
    if (JSON.stringify(plain(again)) !== JSON.stringify(plain(result)))
      this.broken.push('law 1: other order, other answer');
    for (const { resource, reason } of result.status.held) {
      const object = request.resources.get(resource);
      const was = before.get(object?.metadata.uid);
      const is = this.#plane.apiServer.list().find(({ metadata }) => metadata.uid === object?.metadata.uid);
      // A stale observation is held as it was then: what is compared is the present one.
      if (this.#plane.stale > 0 || was === undefined || is === undefined || reason === 'leaving') continue;
      if (JSON.stringify(was.spec) !== JSON.stringify(is.spec))
        this.broken.push(`law 3: holding ${resource} changed it`);
    }
    for (const [id, object] of request.resources) {
      const data = object.metadata.labels?.['owlnest.io/holds-data'] === 'true';
      const allowed = [...this.#allowed].some((table) => id.endsWith(`test-left-table-${table}`));
      if (data && !result.desired.has(id) && !allowed && object.metadata.deletionTimestamp === undefined) {
        this.broken.push(`law 4: ${id} holds data and is not desired`);
      }
    }
    if (!result.ready) return;
    for (const id of result.desired.keys()) {
      const conditions = request.resources.get(id)?.status?.['conditions'];
      if (!Array.isArray(conditions) || JSON.stringify(conditions).includes('"status":"False"')) {
        this.broken.push(`law 8: ready although ${id} is not`);
      }
    }
  }

  #watched(composer: Composer): Composer {
    return {
      kinds: composer.kinds,
      compose: (request) => {
        const result = composer.compose(request);
        this.#requests.push([request, result]);
        return result;
      },
    };
  }

  #composer(): Composer {
    return composers[this.#release];
  }

  #use(release: 1 | 2): void {
    this.#release = release;
    this.#plane.use(this.#watched(this.#composer()));
  }

  #composite(): KubernetesObject {
    return compositeObject(family(1)[0], {
      values: { ...this.#values },
      allowRemoval: [...this.#allowed].map(entryOf),
    });
  }

  #apply(): void {
    this.#plane.apply(this.#composite());
  }

  #allow(table: string, allowed: boolean): void {
    if (!allowed) return void this.#allowed.delete(table);
    this.#allowed.add(table);
    this.#everAllowed.add(table);
  }

  #fault(kind: Fault['kind'], target: number): void {
    this.#withManaged(target, (object) => {
      const resource = resourceId(object, object.metadata.name);
      this.#faults.push(
        kind === 'drop' ? { kind, resource, field: target % 2 === 0 ? 'arn' : 'id' } : { kind, resource },
      );
    });
  }

  /**
   * By hand. AWS refuses to delete a deployment that its stage points at, and nothing undoes a deletion that was asked
   * for: that it stays until there is a new generation has a test of its own (`test/embedded/deletions.test.ts`).
   */
  #delete(object: KubernetesObject): void {
    if (object.kind !== 'Deployment') this.#plane.remove(keyOf(object));
  }

  #foreign(object: KubernetesObject): void {
    const { name } = object.metadata;
    const spec = { managementPolicies: ['Observe', 'Create', 'Update'] };
    this.#plane.apiServer.apply({ ...object, metadata: { name, namespace: NAMESPACE }, spec }, 'somebody');
  }

  #withManaged(target: number, act: (object: KubernetesObject) => void): void {
    const managed = this.#plane.apiServer.list().filter(({ apiVersion }) => apiVersion.includes('.aws.m.upbound.io'));
    const object = managed[target % Math.max(managed.length, 1)];
    if (object !== undefined) act(object);
  }

  #lastHeld() {
    return this.#requests.flatMap(([, result]) => (result.outcome === 'composed' ? result.status.held : []));
  }
}

function keyText(object: KubernetesObject): string {
  return JSON.stringify(keyOf(object));
}

function nameOn(object: Pick<KubernetesObject, 'metadata'> | undefined): string {
  return object?.metadata.annotations?.['crossplane.io/external-name'] ?? '';
}

/** Names of all objects; of generations only what they are generations of. */
function namesOf(objects: readonly KubernetesObject[]): readonly string[] {
  return objects.map(({ kind, metadata }) => `${kind}/${metadata.name.replace(/-[0-9a-f]{8}$/, '')}`).sort();
}

/** The same request in another order of resources and of keys. */
function shuffled(request: ComposeRequest): ComposeRequest {
  const resources = [...request.resources].reverse().map(([id, object]) => [id, reversed(object)] as const);
  return { ...request, composite: reversed(request.composite), resources: new Map(resources) };
}

function reversed<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return Array.isArray(value) ? (value.map(reversed) as Value) : value;
  }
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, reversed(item)]),
  ) as Value;
}

function plain(result: ComposeResult): unknown {
  return result.outcome === 'refused' ? result : { ...result, desired: [...result.desired] };
}
