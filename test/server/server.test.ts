import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  FunctionRunnerServiceService,
  Severity,
  type RunFunctionRequest,
  type RunFunctionResponse,
} from '@crossplane-org/function-sdk-typescript';
import { ChannelCredentials, Client, logVerbosity, setLogVerbosity } from '@grpc/grpc-js';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { KubernetesObject } from '../../imports/base.ts';
import type { Composer } from '../../crossplane/compose/types.ts';
import {
  startFunctionServer,
  type FunctionServer,
  type FunctionServerOptions,
} from '../../crossplane/server/server.ts';
import { createAuthority } from '../e2e/harness/pki.ts';
import { composed, composite, key, requestOf } from './sample.ts';

/** Wants what it observes. */
const echo: Composer = {
  kinds: ['Storage'],
  compose: ({ resources }) => composed({ desired: [...resources.values()].map((object) => ({ object, ready: true })) }),
};

const folder = mkdtempSync(join(tmpdir(), 'owlnest-server-test-'));
const open: (() => Promise<void> | void)[] = [];

beforeAll(async () => {
  // What is refused here on purpose would be logged.
  setLogVerbosity(logVerbosity.NONE);
  for (const authority of ['ours', 'foreign']) {
    const ca = await createAuthority(`${authority} CA`);
    for (const usage of ['server', 'client'] as const) {
      const directory = join(folder, authority, usage);
      mkdirSync(directory, { recursive: true });
      await ca.issueDirectory(directory, { commonName: usage, usage, names: ['localhost'], addresses: ['127.0.0.1'] });
    }
  }
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function serve(composer: Composer, options: Partial<FunctionServerOptions> = {}): Promise<FunctionServer> {
  const server = await startFunctionServer(composer, { address: '127.0.0.1:0', tls: { insecure: true }, ...options });
  open.push(() => server.drain());
  return server;
}

function call(
  { address }: FunctionServer,
  request: RunFunctionRequest,
  credentials = ChannelCredentials.createInsecure(),
): Promise<RunFunctionResponse> {
  const client = new Client(address, credentials);
  const { path, requestSerialize, responseDeserialize } = FunctionRunnerServiceService.runFunction;
  return new Promise<RunFunctionResponse>((resolve, reject) => {
    client.makeUnaryRequest(
      path,
      requestSerialize,
      responseDeserialize,
      request,
      { deadline: Date.now() + 10_000 },
      (error, response) => {
        if (response === undefined) reject(error ?? new Error('no answer'));
        else resolve(response);
      },
    );
  }).finally(() => {
    client.close();
  });
}

function peer(authority: string, certificate: boolean): ChannelCredentials {
  const read = (owner: string, name: string): Buffer => readFileSync(join(folder, owner, 'client', name));
  return certificate
    ? ChannelCredentials.createSsl(read('ours', 'ca.crt'), read(authority, 'tls.key'), read(authority, 'tls.crt'))
    : ChannelCredentials.createSsl(read('ours', 'ca.crt'));
}

describe('a call', () => {
  test('is answered by the composer', async () => {
    const server = await serve(echo);
    const response = await call(server, requestOf(composite, [key]));

    expect(response.meta?.tag).toBe('tag-1');
    expect(response.desired?.resources['Key.kms.aws.m.upbound.io/storage-data']?.resource).toEqual(key);
  });

  test('with 1,000 resources of 8 KB goes past the 4 MiB that gRPC allows by default', async () => {
    const server = await serve({ ...echo, compose: ({ resources }) => composed({ desired: only(resources) }) });
    const resources = Array.from({ length: 1_000 }, (_, index): KubernetesObject => {
      const metadata = { ...key.metadata, name: `key-${index}`, annotations: { padding: 'x'.repeat(8_000) } };
      return { ...key, metadata };
    });
    const response = await call(server, requestOf(composite, resources));

    expect(Object.keys(response.desired?.resources ?? {})).toHaveLength(1_000);
  });

  test('that makes compose throw ends in a fatal result, and the next one is served', async () => {
    const server = await serve({
      ...echo,
      compose: (request) => {
        if (request.resources.size === 0) throw new Error('Something unforeseen.');
        return echo.compose(request);
      },
    });
    const failed = await call(server, requestOf(composite, []));
    const next = await call(server, requestOf(composite, [key]));

    expect(failed.results).toEqual([
      { severity: Severity.SEVERITY_FATAL, message: 'Something unforeseen.', target: 1 },
    ]);
    expect(failed.desired?.resources).toEqual({});
    expect(next.results).toEqual([]);
  });

  test('without a composite ends in a fatal result', async () => {
    const server = await serve(echo);
    const response = await call(server, { ...requestOf(composite, []), observed: undefined });

    expect(response.results.map(({ severity }) => severity)).toEqual([Severity.SEVERITY_FATAL]);
  });

  test('larger than allowed is refused by gRPC', async () => {
    const server = await serve(echo, { maxMessageBytes: 1_000 });
    const large = { ...composite, spec: { text: 'x'.repeat(2_000) } };

    await expect(call(server, requestOf(large, []))).rejects.toThrow('RESOURCE_EXHAUSTED');
  });
});

describe('TLS', () => {
  const tls = { directory: join(folder, 'ours', 'server') };

  test('serves a caller with a certificate of the CA', async () => {
    const server = await serve(echo, { address: 'localhost:0', tls });

    expect((await call(server, requestOf(composite, [key]), peer('ours', true))).results).toEqual([]);
  });

  test.each([
    ['without a certificate', 'ours', false],
    ['with a certificate of another CA', 'foreign', true],
  ])('refuses a caller %s', async (_, authority, certificate) => {
    let composes = 0;
    const counting: Composer = { ...echo, compose: (request) => (composes++, echo.compose(request)) };
    const server = await serve(counting, { address: 'localhost:0', tls });

    await expect(call(server, requestOf(composite, []), peer(authority, certificate))).rejects.toThrow('UNAVAILABLE');
    expect(composes).toBe(0);
  });

  test('refuses a caller that speaks plaintext', async () => {
    const server = await serve(echo, { address: 'localhost:0', tls });

    await expect(call(server, requestOf(composite, []))).rejects.toThrow('UNAVAILABLE');
  });
});

describe('starting', () => {
  test.each(['0.0.0.0:0', '[::]:0', 'function.example.org:9443'])('without TLS on %s is refused', async (address) => {
    await expect(startFunctionServer(echo, { address, tls: { insecure: true } })).rejects.toThrow('loopback only');
  });

  test('on a port in use rejects with the address', async () => {
    const { address } = await serve(echo);

    await expect(startFunctionServer(echo, { address, tls: { insecure: true } })).rejects.toThrow(
      `Cannot listen on ${address}`,
    );
  });

  test('without certificates rejects', async () => {
    const tls = { directory: join(folder, 'absent') };

    await expect(startFunctionServer(echo, { address: 'localhost:0', tls })).rejects.toThrow('ENOENT');
  });

  test('on an address without a port rejects', async () => {
    await expect(startFunctionServer(echo, { address: 'localhost', tls: { insecure: true } })).rejects.toThrow(
      'no address of the form <host>:<port>',
    );
  });
});

test('draining closes the port', async () => {
  const server = await startFunctionServer(echo, { address: '127.0.0.1:0', tls: { insecure: true } });
  await call(server, requestOf(composite, []));
  await server.drain();

  await expect(call(server, requestOf(composite, []))).rejects.toThrow('UNAVAILABLE');
});

function only(resources: ReadonlyMap<string, KubernetesObject>) {
  return [...resources.values()].map(({ apiVersion, kind, metadata: { name } }) => ({
    object: { apiVersion, kind, metadata: { name } },
    ready: true,
  }));
}
