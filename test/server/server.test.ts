import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { RunFunctionRequest, Severity } from '@crossplane-org/function-sdk-typescript';
import { logVerbosity, setLogVerbosity } from '@grpc/grpc-js';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { KubernetesObject } from '../../imports/base.ts';
import type { Composer } from '../../crossplane/compose/types.ts';
import { ACTIVATION_POLICY, ACTIVATION_REQUIREMENT } from '../../crossplane/definition/activation-policy.ts';
import { startFunctionServer } from '../../crossplane/server/server.ts';
import { beginCall, call, callBytes, callerOf, echo, newFolder, newPeers, serve, type Peers } from './network.ts';
import { composed, composite, key, requestOf } from './sample.ts';

let ours: Peers;
let foreign: Peers;

beforeAll(async () => {
  // What is refused here on purpose would be logged.
  setLogVerbosity(logVerbosity.NONE);
  [ours, foreign] = await Promise.all([newPeers('ours'), newPeers('foreign')]);
});

describe('a call', () => {
  test('is answered by the composer', async () => {
    const server = await serve(echo);
    const response = await call(server, requestOf(composite, [key]));

    expect(response.meta?.tag).toBe('tag-1');
    const { resource } = response.desired?.resources['Key.kms.aws.m.upbound.io/storage-data'] ?? {};
    expect(resource).toMatchObject({ kind: 'Key', metadata: { name: 'storage-data' }, spec: key.spec });
  });

  test('hands the composer what the cluster has activated', async () => {
    let activated: ReadonlySet<string> | undefined;
    const server = await serve({ ...echo, compose: (asked) => ((activated = asked.activated), echo.compose(asked)) });
    const resource = { ...ACTIVATION_POLICY, metadata: { name: 'any' }, status: { activated: ['keys.kms.aws.m'] } };
    const requiredResources = { [ACTIVATION_REQUIREMENT.requirementName]: { items: [{ resource }] } };
    await call(server, RunFunctionRequest.fromPartial({ ...requestOf(composite, [key]), requiredResources }));

    expect(activated).toEqual(new Set(['keys.kms.aws.m']));
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

  test.each([
    ['no protobuf', Buffer.from([0xff, 0xff, 0xff, 0xff]), 'These bytes are no RunFunctionRequest.'],
    ['a length beyond its end', Buffer.from([0x12, 0x7f, 0x01]), 'These bytes are no RunFunctionRequest.'],
    ['lists 48 levels deep', deeper(48), 'An object of this request is nested too deeply'],
    ['lists 200 levels deep', deeper(200), 'An object of this request is nested too deeply'],
  ])('with %s is refused in a sentence, and the next one is served', async (_, bytes, sentence) => {
    const server = await serve(echo);

    await expect(callBytes(server.address, bytes)).rejects.toThrow(`INVALID_ARGUMENT: ${sentence}`);
    expect((await call(server, requestOf(composite, [key]))).results).toEqual([]);
  });

  test('with lists 47 levels deep is read', async () => {
    const server = await serve(echo);
    const response = await callBytes(server.address, deeper(47));

    expect(response.results[0]?.message).toContain('The observed composite is no Kubernetes object');
  });

  test('whose answer comes near the 4 MiB of core ends in one fatal sentence', async () => {
    const annotations = { padding: 'x'.repeat(40_000) };
    const keys = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ ...key, metadata: { name: `key-${index}`, annotations } }));
    const server = await serve(echo);
    const small = await call(server, requestOf(composite, keys(98)));
    const large = await call(server, requestOf(composite, keys(100)));

    expect(Object.keys(small.desired?.resources ?? {})).toHaveLength(98);
    expect(large.results).toEqual([
      {
        severity: Severity.SEVERITY_FATAL,
        message:
          'The answer takes 3.8 MiB for 100 resources, and Crossplane reads 4 MiB: ' +
          'give a part of the resources to a child composite.',
        target: 1,
      },
    ]);
    expect(large.desired?.resources).toEqual({});
  });

  test('larger than allowed is refused by gRPC', async () => {
    const server = await serve(echo, { maxMessageBytes: 1_000 });
    const large = { ...composite, spec: { text: 'x'.repeat(2_000) } };

    await expect(call(server, requestOf(large, []))).rejects.toThrow('RESOURCE_EXHAUSTED');
  });
});

describe('TLS', () => {
  const secure = () => ({ address: 'localhost:0', tls: { directory: ours.server } });

  test('serves a caller with a certificate of the CA', async () => {
    const server = await serve(echo, secure());

    expect((await call(server, requestOf(composite, [key]), callerOf(ours, ours))).results).toEqual([]);
  });

  test.each([
    ['without a certificate', () => undefined],
    ['with a certificate of another CA', () => foreign],
  ])('refuses a caller %s', async (_, certified) => {
    let composes = 0;
    const counting: Composer = { ...echo, compose: (request) => (composes++, echo.compose(request)) };
    const server = await serve(counting, secure());

    await expect(call(server, requestOf(composite, []), callerOf(ours, certified()))).rejects.toThrow('UNAVAILABLE');
    expect(composes).toBe(0);
  });

  test('refuses a caller that speaks plaintext', async () => {
    const server = await serve(echo, secure());

    await expect(call(server, requestOf(composite, []))).rejects.toThrow('UNAVAILABLE');
  });
});

describe('starting', () => {
  test.each([':0', '0.0.0.0:0', '[::]:0', 'function.example.org:9443'])(
    'without TLS on %s is refused',
    async (address) => {
      await expect(startFunctionServer(echo, { address, tls: { insecure: true } })).rejects.toThrow('loopback only');
    },
  );

  test('without TLS on any address takes who says so', async () => {
    const { address } = await serve(echo, { address: ':0', tls: { insecure: true, anyAddress: true } });

    const port = address.slice(address.lastIndexOf(':'));
    expect((await call({ address: `127.0.0.1${port}` }, requestOf(composite, []))).results).toEqual([]);
  });

  test('on a port in use rejects with the address', async () => {
    const { address } = await serve(echo);

    await expect(startFunctionServer(echo, { address, tls: { insecure: true } })).rejects.toThrow(
      `Cannot listen on ${address}`,
    );
  });

  test('without certificates rejects', async () => {
    const tls = { directory: join(newFolder('absent'), 'tls') };

    await expect(startFunctionServer(echo, { address: 'localhost:0', tls })).rejects.toThrow('ENOENT');
  });

  test('with a key of another certificate rejects, and repeats neither', async () => {
    const directory = newFolder('mixed');
    for (const name of ['ca.crt', 'tls.crt']) copyFileSync(join(ours.server, name), join(directory, name));
    copyFileSync(join(foreign.server, 'tls.key'), join(directory, 'tls.key'));
    const started = startFunctionServer(echo, { address: 'localhost:0', tls: { directory } });

    await expect(started).rejects.toThrow('are no CA with a certificate and its key');
    await expect(started).rejects.not.toThrow('BEGIN');
  });

  test.each(['localhost', 'localhost:', 'localhost:99999', '::1:9443', 'a:b:1'])(
    'on %s, which is no address, rejects',
    async (address) => {
      await expect(startFunctionServer(echo, { address, tls: { insecure: true } })).rejects.toThrow(
        'no address of the form <host>:<port>',
      );
    },
  );
});

describe('draining', () => {
  test('closes the port', async () => {
    const server = await startFunctionServer(echo, { address: '127.0.0.1:0', tls: { insecure: true } });
    await call(server, requestOf(composite, []));
    await server.drain();

    expect(server.serving).toBe(false);
    await expect(call(server, requestOf(composite, []))).rejects.toThrow('UNAVAILABLE');
  });

  test('answers what is under way', async () => {
    const server = await startFunctionServer(echo, { address: '127.0.0.1:0', tls: { insecure: true } });
    const under = await beginCall(`http://${server.address}`, requestOf(composite, [key]));
    const drained = server.drain(10_000);
    await expect(call(server, requestOf(composite, []))).rejects.toThrow('UNAVAILABLE');

    const response = await under.finish();
    expect(Object.keys(response.desired?.resources ?? {})).toHaveLength(1);
    await expect(drained).resolves.toBeUndefined();
  });

  test('cuts off what is under way at the deadline', async () => {
    const server = await startFunctionServer(echo, { address: '127.0.0.1:0', tls: { insecure: true } });
    const under = await beginCall(`http://${server.address}`, requestOf(composite, [key]));

    await expect(server.drain(50)).rejects.toThrow('Calls were still under way after 50 ms');
    await expect(under.finish()).rejects.toThrow();
  });
});

test('a connection ends at its age, and what is under way on it does not', async () => {
  const server = await serve(echo, { maxConnectionAgeMilliseconds: 50 });
  const under = await beginCall(`http://${server.address}`, requestOf(composite, [key]));
  await under.told;

  expect(Object.keys((await under.finish()).desired?.resources ?? {})).toHaveLength(1);
});

function only(resources: ReadonlyMap<string, KubernetesObject>) {
  return [...resources.values()].map(({ apiVersion, kind, metadata: { name } }) => ({
    object: { apiVersion, kind, metadata: { name } },
    ready: true,
  }));
}

/** A request whose composite is a message in a message in a message …, by its bytes alone. */
function deeper(levels: number): Buffer {
  let bytes = Buffer.alloc(0);
  const wrap = (tag: number): void => {
    const length = [];
    for (let rest = bytes.length; ; rest >>>= 7) {
      length.push(rest > 127 ? (rest & 127) | 128 : rest);
      if (rest <= 127) break;
    }
    bytes = Buffer.concat([Buffer.from([tag, ...length]), bytes]);
  };
  // A list in a list …, in the field of a map, in a Struct, in a Resource, in a State, in the request.
  for (let level = 0; level < levels; level++) for (const tag of [0x0a, 0x32]) wrap(tag);
  for (const tag of [0x12, 0x0a, 0x0a, 0x0a, 0x12]) wrap(tag);
  return bytes;
}
