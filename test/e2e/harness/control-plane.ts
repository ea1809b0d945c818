import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubernetesObject } from '../../../imports/base.ts';
import { installationAccess } from './access.ts';
import { coreCrds, isXrd, providerCrds } from './crds.ts';
import { Plane, type Access } from './plane.ts';
import { Processes, type Program } from './processes.ts';
import { preparePrograms, type Programs } from './programs.ts';
import { snapshotOf } from './snapshot.ts';

export interface ControlPlaneOptions {
  /** Names of the provider's CRDs that the tests need, as `keys.kms.aws.m.upbound.io`; core may compose them. */
  readonly crds: readonly string[];
  /** XRDs and whatever else is to be there from the start, but for what calls a function. */
  readonly objects: readonly KubernetesObject[];
}

/** Starts a control plane; on failure stops what it has started and says where the logs are. */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const folder = mkdtempSync(join(tmpdir(), 'owlnest-e2e-'));
  // First, since its guardian removes the folder however this process ends.
  const processes = new Processes(folder);
  try {
    mkdirSync(join(folder, 'xpkg'));
    const plane = new ControlPlane(folder, await preparePrograms(folder), processes);
    await plane.start(options);
    return plane;
  } catch (error) {
    await processes.finish({ keepFolder: true });
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The control plane did not start: ${reason}\nLogs: ${folder}`, { cause: error });
  }
}

/** A real etcd, API server, Crossplane core, RBAC manager and garbage collector, in processes of their own. */
export class ControlPlane extends Plane {
  readonly access: Access;
  readonly #programs: Programs;
  readonly #processes: Processes;

  constructor(folder: string, programs: Programs, processes: Processes) {
    const { endpoint, provider, metrics } = programs;
    const access: Access = { administrator: endpoint, provider, folder, metrics };
    super(access);
    this.access = access;
    this.#programs = programs;
    this.#processes = processes;
  }

  async start({ crds, objects }: ControlPlaneOptions): Promise<void> {
    const { etcd, apiserver, webhook, roleAggregation, rbacManager, core, garbageCollector } = this.#programs;
    const data = join(this.folder, 'etcd');
    const all = [...coreCrds(), ...providerCrds(crds), ...installationAccess(crds), ...objects];
    const snapshot = snapshotOf(
      [etcd, apiserver, core, garbageCollector].map(({ command }) => command),
      all,
    );
    if (!snapshot.restore(data)) {
      await this.#installAll(all);
      snapshot.save(data);
    }
    await this.#processes.start(etcd);
    await this.#processes.start(apiserver);
    await this.client.apply(usageWebhook(webhook));
    for (const program of [roleAggregation, rbacManager, core]) await this.#processes.start(program);
    // After the kinds are there, since it looks for new ones only every 30 s.
    await this.#processes.start(garbageCollector);
  }

  /** Runs the control plane until all is served, and stops it again: what it leaves in etcd is the snapshot. */
  async #installAll(objects: readonly KubernetesObject[]): Promise<void> {
    const { etcd, apiserver, roleAggregation, rbacManager, core } = this.#programs;
    // Core needs its own kinds before it starts, and others wait for core.
    const base = objects.filter((object) => !isXrd(object));
    await this.#processes.start(etcd);
    await this.#processes.start(apiserver);
    await this.install(base);
    for (const program of [roleAggregation, rbacManager, core]) await this.#processes.start(program);
    await this.install(objects.filter((object) => !base.includes(object)));
    for (const { name } of [core, rbacManager, roleAggregation, apiserver, etcd]) await this.#processes.stop(name);
  }

  /** Stops core and starts it again. */
  async restartCore(): Promise<void> {
    await this.#processes.stop(this.#programs.core.name);
    await this.#processes.start(this.#programs.core);
  }

  /** Kills a program and starts it again, with all that ended because of it, as a kubelet would. */
  async crash(program: 'etcd' | 'apiserver' | 'core'): Promise<void> {
    await this.#processes.kill(this.#programs[program].name);
    for (const one of this.#all()) {
      if (this.#processes.ended(one.name)) await this.#processes.start(one);
    }
  }

  /** Process ids by the name of the program. */
  get processes(): ReadonlyMap<string, number> {
    return this.#processes.ids;
  }

  /** Stops everything; the folder stays when its logs are wanted. */
  async stop({ keepFolder }: { readonly keepFolder: boolean }): Promise<void> {
    const left = this.leave();
    await this.#processes.finish({ keepFolder });
    await left;
  }

  /** In the order of their start. */
  #all(): readonly Program[] {
    const { etcd, apiserver, roleAggregation, rbacManager, core, garbageCollector } = this.#programs;
    return [etcd, apiserver, roleAggregation, rbacManager, core, garbageCollector];
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
