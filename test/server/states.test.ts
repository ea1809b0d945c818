/** Random states as core sends them, among resources of other functions: the answers are those of compose itself. */
import { Ready, RunFunctionRequest, Severity, type RunFunctionResponse } from '@crossplane-org/function-sdk-typescript';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonical } from '../../crossplane/compose/values.ts';
import { statusFields } from '../../crossplane/compose/status.ts';
import type { ComposeRequest } from '../../crossplane/compose/types.ts';
import type { ResourceId } from '../../crossplane/reference/identity.ts';
import type { Json, KubernetesObject } from '../../imports/base.ts';
import { toolchain } from '../support/layer.ts';
import { anyState, recordedRequests, requestOf, type State } from '../support/states.ts';
import { callsOnOneConnection, serve } from './network.ts';

const recorded = recordedRequests();
/** Most states in one burst of calls; half as many on average. */
const BURST = 40;
const BURSTS = Math.ceil((2 * Number(process.env['OWLNEST_STATES'] ?? 1000)) / BURST);
const seed = process.env['OWLNEST_SEED'] === undefined ? {} : { seed: Number(process.env['OWLNEST_SEED']) };

/** What another function of the pipeline has beside ours. */
interface Others {
  /** It desires, under our key, one of the resources that we observe. */
  readonly takes: number | undefined;
  /** Names of its own that core shows us. */
  readonly names: readonly string[];
}

const others: fc.Arbitrary<Others> = fc.record({
  takes: fc.option(fc.nat(100), { nil: undefined, freq: 4 }),
  names: fc.subarray(['a-config-map', 'Bucket/without-group', 'Key.kms.aws.m.upbound.io/of-another-name', '..']),
});

const burst = fc.array(fc.record({ state: anyState(recorded), others }), { minLength: 1, maxLength: BURST });

/** An object of another function; where it shares the form of our keys, its own name is not the one in the key. */
const theirs: KubernetesObject = {
  apiVersion: 'kms.aws.m.upbound.io/v1beta1',
  kind: 'Key',
  metadata: { name: 'theirs', labels: { 'owlnest.io/holds-data': 'true' } },
  spec: { forProvider: {} },
};

interface Call {
  readonly asked: ComposeRequest;
  readonly request: RunFunctionRequest;
  readonly earlier: Readonly<Record<string, KubernetesObject>>;
}

function callOf({ state, others: { takes, names } }: { readonly state: State; readonly others: Others }): Call {
  const { composite, resources } = requestOf(recorded, state);
  const [taken] = [...resources].slice((takes ?? 0) % Math.max(resources.size, 1));
  const isTaken = takes !== undefined && taken !== undefined;
  const earlier = Object.fromEntries([
    ...names.map((name) => [name, theirs] as const),
    ...(isTaken ? [[String(taken[0]), taken[1]] as const] : []),
  ]);
  const asResource = (object: KubernetesObject) => ({ resource: { ...object } });
  const asResources = (objects: Readonly<Record<string, KubernetesObject>>) =>
    Object.fromEntries(Object.entries(objects).map(([name, object]) => [name, asResource(object)]));
  const ours = new Map([...resources].filter(([id]) => earlier[id] === undefined));
  return {
    // Policies of activation have a test of their own: without one every kind is presumed to be there.
    asked: { composite, resources: ours },
    request: RunFunctionRequest.fromPartial({
      observed: {
        composite: asResource(composite),
        resources: asResources({ ...Object.fromEntries(resources), ...earlier }),
      },
      desired: { resources: asResources(earlier) },
    }),
    earlier,
  };
}

/** All of an answer but events: desired objects with their readiness, and the status; or sentences that stop the pass. */
function answerOf({ desired, results }: RunFunctionResponse): Json {
  const fatal = results.filter(({ severity }) => severity === Severity.SEVERITY_FATAL).map(({ message }) => message);
  if (fatal.length > 0) return { fatal, desired: Object.keys(desired?.resources ?? {}) };
  const resources = Object.entries(desired?.resources ?? {}).map(
    ([name, { resource, ready }]) => [name, resource as Json, ready === Ready.READY_TRUE] as const,
  );
  const status = (desired?.composite?.resource ?? {}) as { readonly status?: Json };
  return canonical({ resources: sorted(resources), status: status.status ?? null });
}

function expectedOf({ asked, earlier }: Call): Json {
  const result = toolchain.composer.compose(asked);
  if (result.outcome === 'refused') return { fatal: result.violations.map(({ message }) => message), desired: [] };
  const twice = [...result.desired.keys()].filter((id) => earlier[id] !== undefined);
  if (twice.length > 0) return { fatal: twice.map(sentenceOnTwice), desired: [] };
  const resources = [
    ...Object.entries(earlier).map(([name, object]) => [name, asJson(object), false] as const),
    // Core fills in the namespace.
    ...[...result.desired].map(([id, { object, ready }]) => {
      const { namespace: _, ...metadata } = object.metadata;
      return [id, asJson({ ...object, metadata }), ready] as const;
    }),
  ];
  return canonical({ resources: sorted(resources), status: statusFields(result.status) });
}

function sentenceOnTwice(id: ResourceId): string {
  return `${id} is desired by an earlier step of the pipeline as well: one of them must leave it out.`;
}

function asJson(object: KubernetesObject): Json {
  return JSON.parse(JSON.stringify(object)) as Json;
}

function sorted(resources: readonly (readonly [string, Json, boolean])[]): Json {
  return resources.toSorted(([one], [other]) => (one < other ? -1 : 1));
}

describe('the server', () => {
  test('answers any state as compose does, and leaves what other functions have alone', async () => {
    const server = await serve(toolchain.composer);
    await fc.assert(
      fc.asyncProperty(burst, async (states) => {
        const calls = states.map(callOf);
        const answers = await callsOnOneConnection(
          server,
          calls.map(({ request }) => request),
        );
        expect(answers.map(answerOf)).toEqual(calls.map(expectedOf));
      }),
      { numRuns: BURSTS, ...seed },
    );
  }, 3_600_000);
});
