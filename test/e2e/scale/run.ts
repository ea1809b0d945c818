import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { compositeKinds } from '../../../charts/index.ts';
import { loadEnvironments, type LoadedEnvironment } from '../../../cli/environments.ts';
import { openToolchain } from '../../../cli/toolchain.ts';
import { namespaceOf } from '../../../crossplane/definition/context.ts';
import { groupOf } from '../../../crossplane/reference/identity.ts';
import type { KubernetesObject } from '../../../imports/base.ts';
import { isReady } from '../harness/conditions.ts';
import { startControlPlane, type ControlPlane } from '../harness/control-plane.ts';
import { isXrd, kindOf, providerCrds } from '../harness/crds.ts';
import { announceFunction } from '../harness/functions.ts';
import { sumOf } from '../harness/metrics.ts';
import { StandInProvider } from '../harness/provider.ts';
import { until } from '../harness/until.ts';
import { accountsOf, converged, managedCrds, packageOf } from '../spine-world.ts';
import { startFunctionProcess, type FunctionProcess } from './function.ts';
import { spent, usageOf, type Usage } from './usage.ts';

/** Milliseconds that the stand-in for AWS takes for each creation. */
const AWS_DELAY = 1000;
/** Milliseconds without a call, after which a round is over. */
const QUIET = 3000;

/** One phase: how long it took, and what each process used. */
export interface Phase {
  readonly seconds: number;
  /** Calls of the function. */
  readonly calls: number;
  /** Bytes of all requests and answers of the function. */
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly processes: ReadonlyMap<string, Usage>;
}

export interface ScaleRun {
  readonly environments: number;
  readonly composites: number;
  readonly managedResources: number;
  /** From the first apply until all are Ready. */
  readonly making: Phase;
  /** Core starts again and looks at every composite once. */
  readonly round: Phase;
  readonly etcdBytes: number;
  readonly breakerOpens: number;
}

/** Makes that many environments at once on a control plane of its own; throws when one of them is not Ready in time. */
export async function runScale(count: number): Promise<ScaleRun> {
  const objects = environmentsOf(count);
  const [first] = objects;
  if (first === undefined) throw new Error('At least one environment is needed.');
  const charts = packageOf(compositeKinds, openToolchain().release);
  const rendered = converged(first.environment, charts);
  const crds = managedCrds(rendered);
  const plane = await startControlPlane({ crds, objects: charts.objects.filter(isXrd) });
  const served = await startFunctionProcess(plane.certificates('function'));
  await announceFunction(plane.client, charts.name, served.port);
  await plane.install(charts.objects.filter((object) => !isXrd(object)));
  const kinds = providerCrds(crds).map(kindOf);
  const provider = new StandInProvider({ client: plane.provider, kinds, aws: accountsOf(), delay: AWS_DELAY });
  try {
    const making = await phase(plane, served, async () => {
      await Promise.all(objects.map(({ namespace }) => plane.client.apply(namespace)));
      await Promise.all(objects.map(({ environment }) => plane.client.apply(environment)));
      for (const { environment } of objects) {
        await plane.client.waitFor(environment, 'is Ready and Converged', isReady, 600_000);
      }
    });
    const managed = rendered.filter(({ apiVersion }) => groupOf(apiVersion).endsWith('.aws.m.upbound.io')).length;
    const composites = (rendered.length - managed) * count;
    const round = await phase(plane, served, async () => {
      const before = await callsOf(served);
      await plane.restartCore();
      await until('core has looked at every composite', 600_000, async () => {
        const calls = await callsOf(served);
        if (calls - before < composites) return undefined;
        await setTimeout(QUIET);
        return (await callsOf(served)) === calls ? true : undefined;
      });
    });
    return {
      environments: count,
      composites,
      managedResources: managed * count,
      making,
      round: { ...round, seconds: round.seconds - QUIET / 1000 },
      etcdBytes: statSync(join(plane.folder, 'etcd/member/snap/db')).size,
      breakerOpens: sumOf(await plane.metrics(), 'circuit_breaker_opens_total'),
    };
  } finally {
    await provider.stop();
    await served.stop();
    await plane.stop({ keepFolder: false });
  }
}

/** Environments of different names, each as development is. */
function environmentsOf(count: number) {
  const { schemas, release } = openToolchain();
  const development = loadEnvironments(schemas, release).find(({ name }) => name === 'development');
  if (development === undefined) throw new Error('There is no config/development.json.');
  return Array.from({ length: count }, (_, index) => renamed(development, `load${String(index).padStart(4, '0')}`));
}

function renamed({ object }: LoadedEnvironment, name: string) {
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespaceOf(name) } };
  const environment: KubernetesObject = {
    ...object,
    metadata: { name, namespace: namespace.metadata.name },
    spec: { ...object.spec, environment: name, tier: 'development' },
  };
  return { namespace, environment };
}

async function callsOf(served: FunctionProcess): Promise<number> {
  return sumOf(await served.metrics(), 'owlnest_function_requests_total');
}

/** Does the work, and says what it took. */
async function phase(plane: ControlPlane, served: FunctionProcess, work: () => Promise<void>): Promise<Phase> {
  const ids = (): ReadonlyMap<string, number> =>
    new Map([...plane.processes, ['function', served.id], ['stand-in for provider and AWS', process.pid]]);
  const look = () => new Map([...ids()].map(([name, id]) => [name, { id, usage: usageOf(id) }]));
  const [before, metricsBefore, start] = [look(), await served.metrics(), performance.now()];
  await work();
  const seconds = (performance.now() - start) / 1000;
  const metrics = await served.metrics();
  const grown = (name: string, label?: string): number =>
    sumOf(metrics, name, label) - sumOf(metricsBefore, name, label);
  return {
    seconds,
    calls: grown('owlnest_function_requests_total'),
    bytesIn: grown('owlnest_function_message_bytes_sum', 'direction="in"'),
    bytesOut: grown('owlnest_function_message_bytes_sum', 'direction="out"'),
    processes: new Map(
      [...look()].map(([name, { id, usage }]) => {
        const old = before.get(name);
        // One that was started again began from nothing.
        return [name, spent(old?.id === id ? old.usage : undefined, usage)];
      }),
    ),
  };
}
