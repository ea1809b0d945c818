/** Ways in which a function misbehaves. */
import { Ready, Severity, Status, Target, type RunFunctionResponse } from '@crossplane-org/function-sdk-typescript';
import { status } from '@grpc/grpc-js';
import type { JsonObject } from '../../imports/base.ts';
import { Unable, type Manner, type UnrulyCall } from './harness/unruly.ts';

/** The good answer with one more resource; without a name that takes the place of the first one. */
function withResource(good: RunFunctionResponse, resource: JsonObject, name?: string): RunFunctionResponse {
  const resources = good.desired?.resources ?? {};
  const key = name ?? Object.keys(resources)[0] ?? 'first';
  const entry = { resource, connectionDetails: {}, ready: Ready.READY_FALSE };
  return { ...good, desired: { composite: good.desired?.composite, resources: { ...resources, [key]: entry } } };
}

/** What core cannot use, and what it says of it. */
export const BABBLE: readonly { readonly what: string; readonly says: string; readonly manner: Manner }[] = [
  {
    what: 'an object without a kind',
    says: 'some resources were invalid',
    manner: ({ good }) => withResource(good, { metadata: { name: 'nothing' } }),
  },
  {
    what: 'a kind that nobody knows',
    says: 'no matches for kind "Nonsense" in version "example.org/v1"',
    manner: ({ good }) =>
      withResource(good, { apiVersion: 'example.org/v1', kind: 'Nonsense', metadata: { name: 'x' } }, 'nonsense'),
  },
  {
    what: 'a name that is none',
    says: 'it has an invalid name "No name!"',
    manner: badName,
  },
  {
    what: 'more than the 4 MiB that core reads',
    says: 'received message larger than max',
    manner: ({ good }) => ({ ...good, results: [warning('x'.repeat(5 * 1024 * 1024))] }),
  },
];

export const FAILURES: readonly Manner[] = [
  unable(status.UNAVAILABLE, 'not now'),
  unable(status.INTERNAL, 'something broke'),
  unable(status.RESOURCE_EXHAUSTED, 'too much'),
  givesUp,
];

function badName({ good }: UnrulyCall): RunFunctionResponse {
  const topic = { apiVersion: 'sns.aws.m.upbound.io/v1beta1', kind: 'Topic', metadata: { name: 'No name!' } };
  return withResource(good, topic, 'nonsense');
}

function unable(code: status, message: string): Manner {
  return () => {
    throw new Unable(code, message);
  };
}

function givesUp({ good }: UnrulyCall): RunFunctionResponse {
  const result = { severity: Severity.SEVERITY_FATAL, message: 'I give up.', target: Target.TARGET_COMPOSITE };
  return { ...good, desired: undefined, results: [result] };
}

export function warning(message: string): RunFunctionResponse['results'][number] {
  return { severity: Severity.SEVERITY_WARNING, reason: 'Babble', message, target: Target.TARGET_COMPOSITE };
}

export function mood(turn: number): RunFunctionResponse['conditions'][number] {
  return {
    type: 'Mood',
    status: Status.STATUS_CONDITION_TRUE,
    reason: 'Babble',
    message: `Turn ${turn}.`,
    target: Target.TARGET_COMPOSITE,
  };
}

/** Every second resource is missing, once for each kind of composite. */
export function halfOnce(): Manner {
  const done = new Set<string>();
  return ({ kind, good }) => {
    if (done.has(kind)) return good;
    done.add(kind);
    const entries = Object.entries(good.desired?.resources ?? {}).filter((_, index) => index % 2 === 1);
    return { ...good, desired: { composite: good.desired?.composite, resources: Object.fromEntries(entries) } };
  };
}
