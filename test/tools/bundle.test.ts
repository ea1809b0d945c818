import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { FunctionRunnerServiceService, RunFunctionResponse } from '@crossplane-org/function-sdk-typescript';
import { Client, credentials } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { convergeEnvironment } from '../../cli/rendering.ts';
import { loadEnvironments } from '../../cli/environments.ts';
import { openToolchain } from '../../cli/toolchain.ts';
import { answerCall } from '../../crossplane/server/call.ts';
import { bundle, functionEntry, versionOf, type Bundle } from '../../tools/bundle/bundle.ts';
import { requestOf } from '../server/sample.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const { runFunction } = FunctionRunnerServiceService;

let folder: string;
let made: Bundle;

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'owlnest-bundle-')));
  made = await bundle(ROOT, functionEntry(ROOT));
  writeFileSync(join(folder, 'owlnest.mjs'), made.code);
}, 60_000);
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Node in the folder, where it may read nothing but the bundle, and write nothing at all. */
function confined(...parameters: string[]): readonly string[] {
  const permission = process.allowedNodeEnvironmentFlags.has('--permission') ? '' : 'experimental-';
  return [`--${permission}permission`, `--allow-fs-read=${join(folder, 'owlnest.mjs')}`, 'owlnest.mjs', ...parameters];
}

describe('the bundle', () => {
  test('holds what the function needs, and nothing of the command line, a cluster or another checkout', () => {
    const inputs = Object.keys(made.inputs);
    const packages = new Set(inputs.map((file) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1]));
    for (const needed of ['@grpc/grpc-js', 'cdk8s', 'zod', 'pino', 'prom-client']) expect(packages).toContain(needed);
    const heavy = ['@kubernetes/client-node', 'cdk8s-cli', 'cdk8s-plus-28', 'cli-table3', 'kubernetes-models', 'yaml'];
    for (const unneeded of [...heavy, 'tsx', 'esbuild', 'picocolors', 'yargs'])
      expect(packages).not.toContain(unneeded);
    const own = inputs.filter((file) => !file.includes('node_modules/'));
    expect(own).toContain('crossplane/server/server.ts');
    expect(own.filter((file) => /^(?:crossplane\/embedded|report|plan|policy|tools|test)\//.test(file))).toEqual([]);
    expect(new Set(own.filter((file) => file.startsWith('cli/')))).toEqual(
      new Set(['assemble', 'container', 'errors', 'serve', 'serve-command'].map((name) => `cli/${name}.ts`)),
    );
  });

  test('is the same bytes each time, and names no folder of this machine', async () => {
    const again = await bundle(ROOT, functionEntry(ROOT));

    expect(Buffer.from(again.code).equals(made.code)).toBe(true);
    expect(Buffer.from(made.code).includes(ROOT)).toBe(false);
  });

  test('knows its release', () => {
    const { stdout } = spawnSync(process.execPath, confined('--version'), { cwd: folder, encoding: 'utf8', env: {} });

    expect(stdout.trim()).toBe(versionOf(ROOT));
  });

  test('in an empty folder answers as the checkout does, for every composite of every environment', async () => {
    const toolchain = openToolchain();
    const parameters = confined('serve', '--insecure', '--address', '127.0.0.1:0');
    const child = spawn(process.execPath, parameters, { cwd: folder, env: {}, stdio: ['ignore', 'pipe', 'inherit'] });
    const client = new Client(await addressOf(child), credentials.createInsecure());
    const kinds = new Set(toolchain.kinds.map(({ kind }) => kind));
    const composites = loadEnvironments(toolchain.schemas, toolchain.release)
      .flatMap((environment) => convergeEnvironment(environment, toolchain).objects)
      .filter(({ kind }) => kinds.has(kind));
    let resources = 0;
    try {
      for (const composite of composites) {
        const request = runFunction.requestSerialize(requestOf(composite, []));
        const { response } = answerCall(toolchain.composer, request);
        if (!Buffer.isBuffer(response)) throw new Error(response.unreadable);
        const expected = RunFunctionResponse.decode(response);
        expect(await call(client, request)).toEqual(expected);
        resources += Object.keys(expected.desired?.resources ?? {}).length;
      }
    } finally {
      client.close();
      child.kill();
      await once(child, 'close');
    }
    expect(resources).toBeGreaterThan(10);
  }, 60_000);
});

async function addressOf(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('The bundle has no output.');
  const ended = once(child, 'close').then(() => Promise.reject(new Error('The bundle ended.')));
  const [line] = (await Promise.race([once(createInterface({ input: child.stdout }), 'line'), ended])) as [string];
  return String((JSON.parse(line) as { readonly address: unknown }).address);
}

function call(client: Client, request: Buffer): Promise<RunFunctionResponse> {
  const asIs = (bytes: Buffer): Buffer => bytes;
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(runFunction.path, asIs, runFunction.responseDeserialize, request, (error, response) => {
      if (response === undefined) reject(error ?? new Error('no answer'));
      else resolve(response);
    });
  });
}
