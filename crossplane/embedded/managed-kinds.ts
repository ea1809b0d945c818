import type { ComposeResult } from '../compose/types.ts';
import { definitionName } from '../definition/activation-policy.ts';
import type { SchemaRegistry } from '../schema/registry.ts';

/** The managed kinds of the cluster: what the activation policies list, and what is there. */
export class ManagedKinds {
  readonly #schemas: SchemaRegistry;
  /** Undefined without any policy. */
  #listed: ReadonlySet<string> | undefined;
  /** Undefined for all. */
  #served: ReadonlySet<string> | undefined;

  constructor(schemas: SchemaRegistry) {
    this.#schemas = schemas;
  }

  /** What the activation policies list, as core tells the function; undefined without any policy. */
  get listed(): ReadonlySet<string> | undefined {
    return this.#listed;
  }

  /**
   * From now on the policies list these definitions. What was there once stays, listed or not.
   * @param begins whether the cluster is still empty: then no kind is there but these
   */
  list(definitions: Iterable<string>, { begins }: { readonly begins: boolean }): void {
    this.#listed = new Set(definitions);
    if (this.#served !== undefined || begins) this.#served = new Set([...(this.#served ?? []), ...this.#listed]);
  }

  /** As core: a desired object of a kind that is not there ends the pass before anything is removed or applied. */
  mapped(result: ComposeResult): ComposeResult {
    if (result.outcome === 'refused' || this.#served === undefined) return result;
    const served = this.#served;
    const violations = [...result.desired].flatMap(([resource, { object }]) => {
      const schema = this.#schemas.find(object);
      if (schema?.provider === undefined || served.has(definitionName(schema))) return [];
      const message = `no matches for kind "${object.kind}" in version "${object.apiVersion}"`;
      return [{ resource, path: 'kind', rule: 'no-match', received: object.kind, message }];
    });
    return violations.length > 0 ? { outcome: 'refused', violations } : result;
  }
}
