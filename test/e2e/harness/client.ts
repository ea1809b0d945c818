import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import type { Condition, GroupVersionKind, JsonObject, KubernetesObject } from '../../../imports/base.ts';
import { groupOf } from '../../../crossplane/reference/identity.ts';
import { isKubernetesObject, isList, isObject } from '../../../crossplane/schema/json.ts';
import { Http, type Endpoint, type HttpCall } from './http.ts';
import { until } from './until.ts';

/** What tells one object from all others. */
export interface ObjectReference extends GroupVersionKind {
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

export interface ListOptions {
  readonly namespace?: string;
  /** As kubectl's `--selector`. */
  readonly selector?: string;
}

/** Told of every object of a kind, and of every change. */
export type OnObject = (type: 'ADDED' | 'MODIFIED' | 'DELETED', object: KubernetesObject) => void;

/** The API server refused a request; `message` is its own sentence. */
export class ApiError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const serverSideApply = 'application/apply-patch+yaml';
const mergePatch = 'application/merge-patch+json';
const TOO_MANY_REQUESTS = 429;
/** How often a request is made that the API server wants later. */
const MOST_TURNS = 10;

/** A small client of the API server, for any kind. */
export class KubernetesClient {
  readonly http: Http;
  readonly #plurals = new Map<string, { readonly plural: string; readonly namespaced: boolean }>();

  constructor(endpoint: Endpoint) {
    this.http = new Http(endpoint);
  }

  /** Applies on the server's side, taking over fields that another manager holds. */
  async apply(object: KubernetesObject, manager = 'owlnest-e2e'): Promise<KubernetesObject> {
    const path = `${await this.#path(object)}?fieldManager=${manager}&force=true`;
    return this.#object({ method: 'PATCH', path, type: serverSideApply, body: object });
  }

  /** Checks as `apply` would, without keeping anything. */
  async dryRun(object: KubernetesObject, manager = 'owlnest-e2e'): Promise<KubernetesObject> {
    const path = `${await this.#path(object)}?fieldManager=${manager}&force=true&dryRun=All`;
    return this.#object({ method: 'PATCH', path, type: serverSideApply, body: object });
  }

  /** Asks whether the object could be deleted. */
  async dryRunDelete(reference: ObjectReference): Promise<void> {
    await this.#call({ method: 'DELETE', path: `${await this.#path(reference)}?dryRun=All` });
  }

  /** Merges a patch (RFC 7386) into the object, or into its `status`. */
  async patch(
    reference: ObjectReference,
    patch: JsonObject,
    { manager = 'owlnest-e2e', status = false }: { readonly manager?: string; readonly status?: boolean } = {},
  ): Promise<KubernetesObject> {
    const path = `${await this.#path(reference)}${status ? '/status' : ''}?fieldManager=${manager}`;
    return this.#object({ method: 'PATCH', path, type: mergePatch, body: patch });
  }

  /** The object, or nothing when there is none. */
  async get(reference: ObjectReference): Promise<KubernetesObject | undefined> {
    try {
      return await this.#object({ method: 'GET', path: await this.#path(reference) });
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return undefined;
      throw error;
    }
  }

  /** All objects of the kind. */
  async list(gvk: GroupVersionKind, { namespace, selector }: ListOptions = {}): Promise<readonly KubernetesObject[]> {
    const query = selector === undefined ? '' : `?labelSelector=${encodeURIComponent(selector)}`;
    const body = await this.#call({ method: 'GET', path: `${await this.#collection(gvk, namespace)}${query}` });
    const items: unknown = isObject(body) ? body['items'] : [];
    const objects = Array.isArray(items) ? items.map((item: object) => ({ ...gvk, ...item })) : [];
    return objects.filter(isKubernetesObject);
  }

  /** Whether the API server serves the kind. */
  async knows(gvk: GroupVersionKind): Promise<boolean> {
    try {
      await this.#collection(gvk, undefined);
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return false;
      throw error;
    }
  }

  /** Asks for the deletion; one that is already gone is no error. */
  async delete(
    reference: ObjectReference,
    propagationPolicy: 'Background' | 'Foreground' | 'Orphan' = 'Background',
  ): Promise<void> {
    try {
      await this.#call({ method: 'DELETE', path: await this.#path(reference), body: { propagationPolicy } });
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 404)) throw error;
    }
  }

  /** Waits until the object fulfils the predicate; the error shows its conditions as last seen. */
  async waitFor(
    reference: ObjectReference,
    what: string,
    predicate: (object: KubernetesObject) => boolean,
    timeout = 30_000,
  ): Promise<KubernetesObject> {
    let last: KubernetesObject | undefined;
    try {
      return await until(`${reference.kind}/${reference.metadata.name} ${what}`, timeout, async () => {
        last = await this.get(reference);
        return last !== undefined && predicate(last) ? last : undefined;
      });
    } catch (error) {
      const seen = last === undefined ? 'There is no such object.' : JSON.stringify(last.status ?? {});
      throw new Error(`${error instanceof Error ? error.message : String(error)} Last seen: ${seen}`, { cause: error });
    }
  }

  /** Waits until there is no such object. */
  async waitGone(reference: ObjectReference, timeout = 30_000): Promise<void> {
    await until(`${reference.kind}/${reference.metadata.name} is gone`, timeout, async () =>
      (await this.get(reference)) === undefined ? true : undefined,
    );
  }

  /** Calls back for every object of the kind, now and at each change, until the signal aborts. */
  async watch(gvk: GroupVersionKind, onObject: OnObject, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#watchOnce(gvk, onObject, signal);
      } catch {
        // The API server closed the stream or is gone: look again, until told to end.
        await setTimeout(100);
      }
    }
  }

  async #watchOnce(gvk: GroupVersionKind, onObject: OnObject, signal: AbortSignal): Promise<void> {
    const path = `${await this.#collection(gvk, undefined)}?watch=true`;
    const lines = createInterface({ input: await this.http.open({ method: 'GET', path }, signal) });
    for await (const line of lines) {
      const event: unknown = JSON.parse(line);
      if (!isObject(event)) return;
      const { type, object } = event;
      if (!isKubernetesObject(object)) return;
      if (type === 'ADDED' || type === 'MODIFIED' || type === 'DELETED') onObject(type, object);
    }
  }

  async #path(reference: ObjectReference): Promise<string> {
    const { name, namespace } = reference.metadata;
    return `${await this.#collection(reference, namespace)}/${name}`;
  }

  async #collection(gvk: GroupVersionKind, namespace: string | undefined): Promise<string> {
    const root = groupOf(gvk.apiVersion) === '' ? `/api/${gvk.apiVersion}` : `/apis/${gvk.apiVersion}`;
    const { plural, namespaced } = await this.#resource(gvk, root);
    return namespaced && namespace !== undefined ? `${root}/namespaces/${namespace}/${plural}` : `${root}/${plural}`;
  }

  async #resource(gvk: GroupVersionKind, root: string) {
    const key = `${gvk.apiVersion}/${gvk.kind}`;
    const known = this.#plurals.get(key);
    if (known !== undefined) return known;
    const body = await this.#call({ method: 'GET', path: root });
    const resources: unknown = isObject(body) ? body['resources'] : [];
    for (const resource of isList(resources) ? resources : []) {
      if (!isObject(resource) || resource['kind'] !== gvk.kind) continue;
      const plural = resource['name'];
      // Subresources are listed as `<plural>/status`.
      if (typeof plural !== 'string' || plural.includes('/')) continue;
      const found = { plural, namespaced: resource['namespaced'] === true };
      this.#plurals.set(key, found);
      return found;
    }
    throw new ApiError(404, `The API server knows no kind ${key}.`);
  }

  async #object(call: HttpCall): Promise<KubernetesObject> {
    const body = await this.#call(call);
    if (!isKubernetesObject(body)) throw new Error(`${call.method} ${call.path} answered with no object.`);
    return body;
  }

  async #call(call: HttpCall): Promise<unknown> {
    for (let turn = 1; ; turn += 1) {
      const { status, body } = await this.http.call(call);
      if (status < 300) return body;
      // It asks for patience, for instance right after its start; nothing was done.
      if (status === TOO_MANY_REQUESTS && turn < MOST_TURNS) {
        await setTimeout(1000);
        continue;
      }
      const message = isObject(body) && typeof body['message'] === 'string' ? body['message'] : JSON.stringify(body);
      throw new ApiError(status, `${call.method} ${call.path}: ${message}`);
    }
  }
}

/** What the tests read of a condition. */
export type SeenCondition = Partial<Pick<Condition, 'reason' | 'message' | 'observedGeneration'>> &
  Pick<Condition, 'status' | 'lastTransitionTime'>;

/** The object's condition of this type. */
export function condition(object: KubernetesObject, type: string): SeenCondition | undefined {
  const conditions = object.status?.['conditions'];
  const found = isList(conditions) ? conditions.filter(isObject).find((one) => one['type'] === type) : undefined;
  return found !== undefined && isCondition(found) ? found : undefined;
}

function isCondition(value: object): value is SeenCondition {
  return 'status' in value && 'lastTransitionTime' in value;
}

/** True when the condition is True and, where it says so, speaks of the newest generation. */
export function isTrue(object: KubernetesObject, type: string): boolean {
  const found = condition(object, type);
  const generation = found?.observedGeneration ?? object.metadata.generation;
  return found?.status === 'True' && generation === object.metadata.generation;
}
