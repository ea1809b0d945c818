import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import {
  FunctionRunnerServiceService,
  RunFunctionRequest,
  RunFunctionResponse,
} from '@crossplane-org/function-sdk-typescript';
import { Client, credentials } from '@grpc/grpc-js';
import type { ComposeRequest } from '../../crossplane/compose/types.ts';
import { measure, type Timing } from './measure.ts';

/** The same call over gRPC, to a process of its own. */
export interface Remote {
  readonly timing: Timing;
  readonly requestBytes: number;
  readonly responseBytes: number;
  readonly megabytes: number;
}

export async function measureRemote({ composite, resources }: ComposeRequest): Promise<Remote> {
  const child = fork(fileURLToPath(new URL('server.ts', import.meta.url)), { execArgv: ['--import', 'tsx'] });
  try {
    const { address } = await message<{ readonly address: string }>(child);
    const client = new Client(address, credentials.createInsecure());
    const request = RunFunctionRequest.fromPartial({
      meta: { tag: 'bench' },
      observed: {
        composite: { resource: { ...composite } },
        resources: Object.fromEntries([...resources].map(([id, object]) => [id, { resource: { ...object } }])),
      },
    });
    const response = await call(client, request);
    if (response.results.length > 0) throw new Error(response.results[0]?.message);
    const usage = async () => {
      child.send('usage');
      return message<{ readonly cpu: number; readonly rss: number }>(child);
    };
    const timing = await measure(
      () => call(client, request),
      200,
      async () => (await usage()).cpu,
    );
    const { rss } = await usage();
    client.close();
    return {
      timing,
      requestBytes: RunFunctionRequest.encode(request).finish().length,
      responseBytes: RunFunctionResponse.encode(response).finish().length,
      megabytes: rss / 1e6,
    };
  } finally {
    child.kill();
  }
}

async function message<Message>(child: ChildProcess): Promise<Message> {
  const ended = once(child, 'exit').then(() => {
    throw new Error('The function ended.');
  });
  ended.catch(() => undefined);
  const [answer] = (await Promise.race([once(child, 'message'), ended])) as [Message];
  return answer;
}

function call(client: Client, request: RunFunctionRequest): Promise<RunFunctionResponse> {
  const { path, requestSerialize, responseDeserialize } = FunctionRunnerServiceService.runFunction;
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, (error, response) => {
      if (error !== null) reject(error);
      else if (response === undefined) reject(new Error('The function gave no answer.'));
      else resolve(response);
    });
  });
}
