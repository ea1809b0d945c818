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

/** What the process has used so far: milliseconds and bytes. */
export interface Usage {
  readonly cpu: number;
  readonly rss: number;
  readonly heapUsed: number;
  /** The most that was resident at one time. */
  readonly peak: number;
}

/** `server.ts` under way. */
export interface RunningFunction {
  /** The bytes of the answer: what the caller does with its own messages is not the function's time. */
  call(): Promise<Buffer>;
  usage(): Promise<Usage>;
  stop(): void;
}

/** How `server.ts` is run: from source, or as the file of a bundle. */
export interface Program {
  readonly file: string;
  readonly execArgv: readonly string[];
}

const fromSource: Program = {
  file: fileURLToPath(new URL('server.ts', import.meta.url)),
  execArgv: ['--import', 'tsx'],
};

export async function startRemote(request: RunFunctionRequest, program = fromSource): Promise<RunningFunction> {
  const child = fork(program.file, { execArgv: [...program.execArgv] });
  try {
    const { address } = await message<{ readonly address: string }>(child);
    const client = new Client(address, credentials.createInsecure());
    const bytes = Buffer.from(RunFunctionRequest.encode(request).finish());
    const running: RunningFunction = {
      call: () => call(client, bytes),
      usage: () => {
        child.send('usage');
        return message<Usage>(child);
      },
      stop: () => {
        client.close();
        child.kill();
      },
    };
    const response = RunFunctionResponse.decode(await running.call());
    if (Object.keys(response.desired?.resources ?? {}).length === 0) throw new Error(response.results[0]?.message);
    return running;
  } catch (error) {
    child.kill();
    throw error;
  }
}

export async function measureRemote(asked: ComposeRequest, program?: Program): Promise<Remote> {
  const request = requestFor(asked);
  const remote = await startRemote(request, program);
  try {
    const response = await remote.call();
    const timing = await measure(
      () => remote.call(),
      200,
      async () => (await remote.usage()).cpu,
    );
    const { rss } = await remote.usage();
    return {
      timing,
      requestBytes: RunFunctionRequest.encode(request).finish().length,
      responseBytes: response.length,
      megabytes: rss / 1e6,
    };
  } finally {
    remote.stop();
  }
}

export function requestFor({ composite, resources }: ComposeRequest): RunFunctionRequest {
  return RunFunctionRequest.fromPartial({
    meta: { tag: 'bench' },
    observed: {
      composite: { resource: { ...composite } },
      resources: Object.fromEntries([...resources].map(([id, object]) => [id, { resource: { ...object } }])),
    },
  });
}

async function message<Message>(child: ChildProcess): Promise<Message> {
  const done = new AbortController();
  const { signal } = done;
  const ended = once(child, 'exit', { signal }).then(() => Promise.reject(new Error('The function ended.')));
  try {
    const [answer] = (await Promise.race([once(child, 'message', { signal }), ended])) as [Message];
    return answer;
  } finally {
    // Whatever is still awaited is not any more.
    ended.catch(() => undefined);
    done.abort();
  }
}

function call(client: Client, request: Buffer): Promise<Buffer> {
  const asIs = (bytes: Buffer): Buffer => bytes;
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(FunctionRunnerServiceService.runFunction.path, asIs, asIs, request, (error, response) => {
      if (error !== null) reject(error);
      else if (response === undefined) reject(new Error('The function gave no answer.'));
      else resolve(response);
    });
  });
}
