import { FunctionRunnerServiceService } from '@crossplane-org/function-sdk-typescript';
import {
  status,
  type sendUnaryData,
  type Server,
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceDefinition,
} from '@grpc/grpc-js';
import { fromJSON } from '@grpc/proto-loader';

/** Whether the server takes calls, as gRPC's own protocol tells it (`grpc.health.v1`). */
export interface Health {
  readonly serving: boolean;
  /** Tells all who watch that calls are welcome. */
  serve(): void;
  /** Tells all who watch that they are not, and ends their calls, which would keep the server from draining. */
  drain(): void;
}

type ServingStatus = 'SERVING' | 'NOT_SERVING' | 'SERVICE_UNKNOWN';

interface HealthRequest {
  readonly service: string;
}

interface HealthResponse {
  readonly status: ServingStatus;
}

/** The protocol as JSON, since a bundle of one file has no `.proto` beside it. */
const messages = { requestType: 'HealthCheckRequest', responseType: 'HealthCheckResponse', comment: '' };
const HEALTH_V1: Parameters<typeof fromJSON>[0] = {
  nested: {
    HealthCheckRequest: { fields: { service: { type: 'string', id: 1 } } },
    HealthCheckResponse: {
      fields: { status: { type: 'ServingStatus', id: 1 } },
      nested: { ServingStatus: { values: { UNKNOWN: 0, SERVING: 1, NOT_SERVING: 2, SERVICE_UNKNOWN: 3 } } },
    },
    Health: { methods: { Check: messages, Watch: { ...messages, responseStream: true } } },
  },
};

/** The whole server, which has no name, and its one service. */
const SERVICES = new Set(['', FunctionRunnerServiceService.runFunction.path.split('/')[1]]);

/** Adds the health service; NOT_SERVING until told otherwise. */
export function addHealth(server: Server): Health {
  let serving = false;
  const watchers = new Set<ServerWritableStream<HealthRequest, HealthResponse>>();
  const current = (): ServingStatus => (serving ? 'SERVING' : 'NOT_SERVING');
  server.addService(healthService(), {
    check: (call: ServerUnaryCall<HealthRequest, HealthResponse>, answer: sendUnaryData<HealthResponse>) => {
      if (SERVICES.has(call.request.service)) answer(null, { status: current() });
      else answer({ code: status.NOT_FOUND, details: 'There is no such service.' });
    },
    watch: (call: ServerWritableStream<HealthRequest, HealthResponse>) => {
      // By the protocol an unknown service is watched all the same, since it may come later; here none does.
      const known = SERVICES.has(call.request.service);
      call.write({ status: known ? current() : 'SERVICE_UNKNOWN' });
      if (!known) return;
      watchers.add(call);
      call.on('close', () => watchers.delete(call));
      call.on('cancelled', () => watchers.delete(call));
    },
  });
  const tell = (): void => {
    for (const watcher of watchers) watcher.write({ status: current() });
  };
  return {
    get serving() {
      return serving;
    },
    serve: () => {
      serving = true;
      tell();
    },
    drain: () => {
      serving = false;
      tell();
      for (const watcher of watchers) watcher.end();
      watchers.clear();
    },
  };
}

function healthService(): ServiceDefinition {
  const nested = { grpc: { nested: { health: { nested: { v1: HEALTH_V1 } } } } };
  const service = fromJSON({ nested }, { enums: String, defaults: true })['grpc.health.v1.Health'];
  if (service === undefined || 'format' in service) throw new Error('The health protocol has no service.');
  return Object.fromEntries(
    Object.entries(service).map(([name, method]) => [name, { ...method, originalName: name.toLowerCase() }]),
  );
}
