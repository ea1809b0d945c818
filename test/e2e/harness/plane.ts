import { join } from 'node:path';
import type { KubernetesObject } from '../../../imports/base.ts';
import { isTrue, KubernetesClient } from './client.ts';
import { isXrd } from './crds.ts';
import { addFunction, type RunningFunction, type Served } from './functions.ts';
import type { Endpoint } from './http.ts';
import { until } from './until.ts';

/** All that it takes to work with a control plane that runs, from whatever process; plain JSON. */
export interface Access {
  /** As an administrator. */
  readonly administrator: Endpoint;
  /** As the provider's service account. */
  readonly provider: Endpoint;
  /** Log files `<program>.log`, certificates and all data. */
  readonly folder: string;
  /** Where core's Prometheus metrics are. */
  readonly metrics: string;
}

const COMPOSITION = 'Composition';

/** A control plane that runs, with the functions that this process serves to it. */
export class Plane {
  /** As an administrator. */
  readonly client: KubernetesClient;
  /** As the provider's service account. */
  readonly provider: KubernetesClient;
  readonly folder: string;
  readonly #metrics: string;
  readonly #functions = new Map<string, RunningFunction>();

  constructor({ administrator, provider, folder, metrics }: Access) {
    this.client = new KubernetesClient(administrator);
    this.provider = new KubernetesClient(provider);
    this.folder = folder;
    this.#metrics = metrics;
  }

  /** The folder with `ca.crt`, `tls.crt` and `tls.key` of one who serves a function, or of core, which calls it. */
  certificates(of: 'function' | 'core'): string {
    return join(this.folder, of === 'function' ? 'fnserver' : 'fnclient');
  }

  /** A function by its name; throws for one that was not added. */
  fn(name: string): RunningFunction {
    const found = this.#functions.get(name);
    if (found === undefined) throw new Error(`No function ${name} was added.`);
    return found;
  }

  /** One more function, or one that was stopped: a release beside the others. */
  async addFunction(name: string, composer: Served): Promise<RunningFunction> {
    const added = await addFunction(this.client, name, composer, this.certificates('function'));
    this.#functions.set(name, added);
    return added;
  }

  /** Applies all, and waits until the definitions among them are served and the Compositions may be used. */
  async install(objects: readonly KubernetesObject[]): Promise<void> {
    for (const object of objects) await this.client.apply(object);
    for (const object of objects) {
      if (object.kind !== 'CustomResourceDefinition' && !isXrd(object)) continue;
      await this.client.waitFor(object, 'is Established', (seen) => isTrue(seen, 'Established'), 60_000);
    }
    await this.#usable(objects.filter(({ kind }) => kind === COMPOSITION).map(({ metadata }) => metadata.name));
  }

  /** Core composes by revisions of Compositions, which it makes a moment later. */
  async #usable(compositions: readonly string[]): Promise<void> {
    if (compositions.length === 0) return;
    const kind = { apiVersion: 'apiextensions.crossplane.io/v1', kind: 'CompositionRevision' };
    await until(`core has revisions of ${compositions.join(', ')}`, 30_000, async () => {
      const revisions = (await this.client.list(kind)).filter((revision) => isTrue(revision, 'ValidPipeline'));
      const names = new Set(revisions.map(({ metadata }) => metadata.labels?.['crossplane.io/composition-name']));
      return compositions.every((name) => names.has(name)) || undefined;
    });
  }

  /** Core's metrics, in the text format of Prometheus. */
  async metrics(): Promise<string> {
    return (await fetch(this.#metrics)).text();
  }

  /** Stops the functions of this process, once they have answered; the control plane itself runs on. */
  async leave(): Promise<void> {
    await Promise.allSettled([...this.#functions.values()].map((one) => one.stop()));
    this.client.http.close();
    this.provider.http.close();
  }
}
