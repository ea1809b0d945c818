import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubernetesObject } from '../../../imports/base.ts';
import type { Composer } from '../../../crossplane/compose/types.ts';
import { installationAccess } from './access.ts';
import { isTrue, KubernetesClient } from './client.ts';
import { coreCrds, providerCrds } from './crds.ts';
import { addFunction, announceFunction, functionRevision, type RunningFunction } from './functions.ts';
import { Processes, type Program } from './processes.ts';
import { preparePrograms, type Programs } from './programs.ts';
import { snapshotOf } from './snapshot.ts';

/** Port of the functions in a snapshot, where nothing listens. */
const NOWHERE = '1';

export interface ControlPlaneOptions {
  /** Names of the provider's CRDs that the tests need, as `keys.kms.aws.m.upbound.io`; core may compose them. */
  readonly crds: readonly string[];
  /** Composers by the name under which Compositions call them. */
  readonly functions: Readonly<Record<string, Composer>>;
  /** XRDs, Compositions and whatever else is to be there from the start. */
  readonly objects: readonly KubernetesObject[];
}

/** A real etcd, API server, Crossplane core and garbage collector, in processes of their own. */
export interface ControlPlane {
  /** As an administrator. */
  readonly client: KubernetesClient;
  /** As the provider's service account. */
  readonly provider: KubernetesClient;
  /** Log files `<program>.log` and all data. */
  readonly folder: string;
  /** A function by its name; throws for one that was not added. */
  fn(name: string): RunningFunction;
  /** One more function, or one that was stopped: a release beside the others. */
  addFunction(name: string, composer: Composer): Promise<RunningFunction>;
  /** Applies XRDs, Compositions and other objects, and waits until the XRDs are served. */
  install(objects: readonly KubernetesObject[]): Promise<void>;
  /** Stops core and starts it again. */
  restartCore(): Promise<void>;
  /** Kills a program and starts it again, with all that ended because of it, as a kubelet would. */
  crash(program: 'etcd' | 'apiserver' | 'core'): Promise<void>;
  /** Process ids by the name of the program. */
  readonly processes: ReadonlyMap<string, number>;
  /** Core's metrics, in the text format of Prometheus. */
  metrics(): Promise<string>;
  /** The last lines of each program's log. */
  logs(): string;
  /** Stops everything; the folder stays when its logs are wanted. */
  stop(options: { readonly keepFolder: boolean }): Promise<void>;
  /** Milliseconds from the start to each step, for reports. */
  readonly timings: Readonly<Record<string, number>>;
}

/** Starts a control plane; on failure stops what it has started and says where the logs are. */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const folder = mkdtempSync(join(tmpdir(), 'owlnest-e2e-'));
  mkdirSync(join(folder, 'xpkg'));
  const programs = await preparePrograms(folder);
  const plane = new RealControlPlane(folder, programs);
  try {
    await plane.start(options);
    return plane;
  } catch (error) {
    await plane.stop({ keepFolder: true });
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The control plane did not start: ${reason}\nLogs: ${folder}`, { cause: error });
  }
}

class RealControlPlane implements ControlPlane {
  readonly client: KubernetesClient;
  readonly provider: KubernetesClient;
  readonly folder: string;
  readonly timings: Record<string, number> = {};
  readonly #programs: Programs;
  readonly #processes: Processes;
  readonly #functions = new Map<string, RunningFunction>();
  readonly #began = performance.now();

  constructor(folder: string, programs: Programs) {
    this.folder = folder;
    this.#programs = programs;
    this.#processes = new Processes(folder);
    this.client = new KubernetesClient(programs.endpoint);
    this.provider = new KubernetesClient(programs.provider);
  }

  async start({ crds, functions, objects }: ControlPlaneOptions): Promise<void> {
    const { etcd, apiserver, webhook, roleAggregation, rbacManager, core, garbageCollector } = this.#programs;
    const data = join(this.folder, 'etcd');
    const base = [...coreCrds(), ...providerCrds(crds), ...installationAccess(crds)];
    const snapshot = snapshotOf(
      [etcd, apiserver, core, garbageCollector].map(({ command }) => command),
      [...base, ...Object.keys(functions).map(functionRevision), ...objects],
    );
    if (!snapshot.restore(data)) {
      await this.#installAll(base, Object.keys(functions), objects);
      snapshot.save(data);
      this.#mark('installed');
    }
    await this.#processes.start(etcd);
    await this.#processes.start(apiserver);
    this.#mark('API server');
    await this.client.apply(usageWebhook(webhook));
    for (const [name, composer] of Object.entries(functions)) await this.addFunction(name, composer);
    for (const program of [roleAggregation, rbacManager, core]) await this.#processes.start(program);
    this.#mark('core');
    // After the kinds are there, since it looks for new ones only every 30 s.
    await this.#processes.start(garbageCollector);
    this.#mark('garbage collector');
  }

  /** Runs the control plane until all is served, and stops it again: what it leaves in etcd is the snapshot. */
  async #installAll(
    base: readonly KubernetesObject[],
    functions: readonly string[],
    objects: readonly KubernetesObject[],
  ): Promise<void> {
    const { etcd, apiserver, roleAggregation, rbacManager, core } = this.#programs;
    await this.#processes.start(etcd);
    await this.#processes.start(apiserver);
    await this.#established(base);
    for (const program of [roleAggregation, rbacManager, core]) await this.#processes.start(program);
    for (const name of functions) await announceFunction(this.client, name, NOWHERE);
    await this.#established(objects);
    for (const { name } of [core, rbacManager, roleAggregation, apiserver, etcd]) await this.#processes.stop(name);
  }

  fn(name: string): RunningFunction {
    const found = this.#functions.get(name);
    if (found === undefined) throw new Error(`No function ${name} was added.`);
    return found;
  }

  async addFunction(name: string, composer: Composer): Promise<RunningFunction> {
    const added = await addFunction(this.client, name, composer, this.#programs.functionCertificates);
    this.#functions.set(name, added);
    return added;
  }

  async install(objects: readonly KubernetesObject[]): Promise<void> {
    const { garbageCollector } = this.#programs;
    await this.#established(objects);
    await this.#processes.stop(garbageCollector.name);
    await this.#processes.start(garbageCollector);
  }

  async restartCore(): Promise<void> {
    await this.#processes.stop(this.#programs.core.name);
    await this.#processes.start(this.#programs.core);
  }

  async crash(program: 'etcd' | 'apiserver' | 'core'): Promise<void> {
    await this.#processes.kill(this.#programs[program].name);
    for (const one of this.#all()) {
      if (this.#processes.ended(one.name)) await this.#processes.start(one);
    }
  }

  get processes(): ReadonlyMap<string, number> {
    return this.#processes.ids;
  }

  async metrics(): Promise<string> {
    return (await fetch(this.#programs.metrics)).text();
  }

  logs(): string {
    return this.#all()
      .map(({ name }) => `── ${name}\n${this.#processes.tail(name)}`)
      .join('\n');
  }

  async stop({ keepFolder }: { readonly keepFolder: boolean }): Promise<void> {
    const drained = [...this.#functions.values()].map((one) => one.stop());
    await this.#processes.finish({ keepFolder });
    await Promise.allSettled(drained);
    this.client.http.close();
    this.provider.http.close();
  }

  /** In the order of their start. */
  #all(): readonly Program[] {
    const { etcd, apiserver, roleAggregation, rbacManager, core, garbageCollector } = this.#programs;
    return [etcd, apiserver, roleAggregation, rbacManager, core, garbageCollector];
  }

  /** Applies all, then waits for the definitions among them. */
  async #established(objects: readonly KubernetesObject[]): Promise<void> {
    for (const object of objects) await this.client.apply(object);
    for (const object of objects) {
      if (object.kind !== 'CustomResourceDefinition' && object.kind !== 'CompositeResourceDefinition') continue;
      await this.client.waitFor(object, 'is Established', (seen) => isTrue(seen, 'Established'), 60_000);
    }
  }

  #mark(step: string): void {
    this.timings[step] = Math.round(performance.now() - this.#began);
  }
}

/** Refuses the deletion of what a `Usage` protects. */
function usageWebhook({ url, caBundle }: Programs['webhook']): KubernetesObject {
  const webhook = {
    name: 'nousages.protection.crossplane.io',
    admissionReviewVersions: ['v1'],
    clientConfig: { url: `${url}/validate-no-usages`, caBundle },
    failurePolicy: 'Fail',
    objectSelector: { matchLabels: { 'crossplane.io/in-use': 'true' } },
    rules: [{ apiGroups: ['*'], apiVersions: ['*'], operations: ['DELETE'], resources: ['*'], scope: '*' }],
    sideEffects: 'None',
  };
  const configuration: KubernetesObject & { readonly webhooks: readonly (typeof webhook)[] } = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: 'crossplane-no-usages' },
    webhooks: [webhook],
  };
  return configuration;
}
