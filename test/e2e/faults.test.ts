/** Programs are killed (SIGKILL) while a family converges: nothing is lost, and it becomes Ready in bounded time. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import fc from 'fast-check';
import type { KubernetesObject } from '../../imports/base.ts';
import type { KubernetesClient } from './harness/client.ts';
import { isReady } from './harness/conditions.ts';
import { freePorts } from './harness/ports.ts';
import { endToEndAlone } from './harness/suite.ts';
import { until } from './harness/until.ts';
import { accountsOf, parentIn, spineWorldOf, familyCrds } from './spine-world.ts';
import { creationsOf, namedIn } from './in-aws.ts';
import { expectNothingDeleted, expectNothingLost, pause } from './family.ts';

const { releases, families } = spineWorldOf('faults');
const aws = accountsOf();
const suite = endToEndAlone({
  crds: familyCrds(),
  // The function of this release runs in a process of its own; core is told where below.
  functions: { [families[1].name]: families[1].composer },
  objects: families[1].objects,
  aws,
});

const VICTIMS = ['function', 'core', 'apiserver', 'etcd', 'provider'] as const;
/** How many points; every run has the same ones. A nightly run takes more. */
const POINTS = Number(process.env['OWLNEST_FAULT_POINTS'] ?? 6);
/** A family takes about 3 s to converge: milliseconds after which something is killed. */
const points = fc.sample(fc.record({ victim: fc.constantFrom(...VICTIMS), after: fc.integer({ min: 0, max: 2500 }) }), {
  numRuns: POINTS - VICTIMS.length,
  seed: 11,
});
const all = [...VICTIMS.map((victim, index) => ({ victim, after: 400 + 300 * index })), ...points].slice(0, POINTS);

function parent(namespace: string, name: string): KubernetesObject {
  return parentIn(namespace, name, releases[1], { values: { topics: 'a b', tables: 'x y' } });
}

let running: ChildProcess | undefined;
let port = 0;
beforeAll(async () => {
  [port = 0] = await freePorts(1);
});
afterAll(() => {
  running?.kill('SIGKILL');
});

async function startFunction(certificates: string): Promise<void> {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const script = join(import.meta.dirname, 'function-process.ts');
  running = fork(script, ['faults', certificates, String(port)], { execArgv: ['--import', tsx] });
  await once(running, 'message');
}

async function killFunction(certificates: string): Promise<void> {
  const ended = running === undefined ? Promise.resolve() : once(running, 'exit');
  running?.kill('SIGKILL');
  await ended;
  await startFunction(certificates);
}

/** From now on core calls the process instead of the function in the tests. */
async function pointAtProcess(client: KubernetesClient): Promise<void> {
  const reference = {
    apiVersion: 'pkg.crossplane.io/v1',
    kind: 'FunctionRevision',
    metadata: { name: `${families[1].name}-e2e` },
  };
  await client.patch(reference, { status: { endpoint: `dns:///localhost:${port}` } }, { status: true });
}

describe('a family of 15 objects', () => {
  for (const [index, { victim, after }] of all.entries()) {
    suite.test(`becomes Ready although ${victim} is killed after ${after} ms`, async (stage) => {
      const { plane, namespace } = stage;
      const certificates = plane.certificates('function');
      if (running === undefined) {
        await startFunction(certificates);
        await pointAtProcess(plane.client);
      }
      const object = await plane.client.apply(parent(namespace, `fault${index}`));
      // Where it is by then differs a little from run to run; the laws hold wherever it is.
      await pause(after);
      const named = victim === 'provider' ? await namedIn(stage) : undefined;
      if (victim === 'provider') stage.provider.crash();
      else await (victim === 'function' ? killFunction(certificates) : plane.crash(victim));
      await until('it is Ready', 90_000, async () => {
        const seen = await plane.client.get(object).catch(() => undefined);
        return seen !== undefined && isReady(seen) ? true : undefined;
      });
      // All of it was the process's work.
      expect(plane.fn(families[1].name).calls).toBe(0);
      if (named === undefined) {
        expectNothingLost(stage);
        return;
      }
      expectNothingDeleted(stage);
      // What it was just making is made twice; `restarts.test.ts` looks at that. What had a name is not.
      const times = Object.values(creationsOf(aws.of(namespace), named));
      expect(times.filter((count) => count > 1)).toEqual([]);
    });
  }
});
