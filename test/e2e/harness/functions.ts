import type { KubernetesObject } from '../../../imports/base.ts';
import type { Composer } from '../../../crossplane/compose/types.ts';
import { startFunctionServer } from '../../../crossplane/server/server.ts';
import type { KubernetesClient } from './client.ts';
import { startUnruly, type ReadRequest } from './unruly.ts';

/** What answers the calls of a function. */
export interface Served extends Composer {
  /** For one that is shown what our server keeps from composers; it is then served by another. */
  readonly reads?: ReadRequest;
}

/** A composition function in this process, which core calls over mutual TLS. */
export interface RunningFunction {
  /** `pipeline[].functionRef.name` in a Composition. */
  readonly name: string;
  readonly address: string;
  /** Calls answered so far. */
  readonly calls: number;
  /** Another release of the charts answers from now on. */
  use(composer: Composer): void;
  /** Takes no more calls: core cannot reach it until it is added again. */
  stop(): Promise<void>;
}

/** Starts a function server and tells core where it is; core pulls no package for it. */
export async function addFunction(
  client: KubernetesClient,
  name: string,
  composer: Served,
  certificates: string,
): Promise<RunningFunction> {
  let current: Composer = composer;
  let calls = 0;
  const counted: Composer = {
    kinds: composer.kinds,
    compose: (request) => {
      calls += 1;
      return current.compose(request);
    },
  };
  const server =
    composer.reads === undefined
      ? await startFunctionServer(counted, { address: '127.0.0.1:0', tls: { directory: certificates } })
      : await startOther(counted, certificates, composer.reads);
  await announceFunction(client, name, server.address.slice(server.address.lastIndexOf(':') + 1));
  return {
    name,
    address: server.address,
    get calls() {
      return calls;
    },
    use: (next) => {
      current = next;
    },
    stop: () => server.drain(),
  };
}

async function startOther(composer: Composer, certificates: string, reads: ReadRequest) {
  const server = await startUnruly(composer, certificates, reads);
  const drain = (): Promise<void> => {
    server.stop();
    return Promise.resolve();
  };
  return { address: `localhost:${server.port}`, drain };
}

/** Tells core that there is such a function, at this port of this machine. */
export async function announceFunction(client: KubernetesClient, name: string, port: string): Promise<void> {
  const revision = functionRevision(name);
  await client.apply(revision);
  await client.patch(
    revision,
    { status: { endpoint: `dns:///localhost:${port}`, capabilities: ['composition', 'operation'] } },
    { status: true },
  );
}

/** Paused, else core would pull the image and find the revision unhealthy. */
export function functionRevision(name: string): KubernetesObject {
  return {
    apiVersion: 'pkg.crossplane.io/v1',
    kind: 'FunctionRevision',
    metadata: {
      name: `${name}-e2e`,
      labels: { 'pkg.crossplane.io/package': name },
      annotations: { 'crossplane.io/paused': 'true' },
    },
    spec: { desiredState: 'Active', image: 'local/none:v0', revision: 1 },
  };
}
