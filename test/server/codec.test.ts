import {
  RunFunctionRequest,
  RunFunctionResponse,
  Ready,
  Severity,
  Status,
} from '@crossplane-org/function-sdk-typescript';
import { describe, expect, test } from '@jest/globals';
import type { Json, KubernetesObject } from '../../imports/base.ts';
import type { Composed, ComposeStatus } from '../../crossplane/compose/types.ts';
import { ACTIVATION_POLICY, ACTIVATION_REQUIREMENT } from '../../crossplane/definition/activation-policy.ts';
import { resourceId } from '../../crossplane/reference/identity.ts';
import { readRequest, writeResponse } from '../../crossplane/server/codec.ts';
import { composed, composite, key, requestOf } from './sample.ts';

/** What crosses the wire: encoded as by one side, decoded as by the other. */
function sent(request: RunFunctionRequest): RunFunctionRequest {
  return RunFunctionRequest.decode(RunFunctionRequest.encode(request).finish());
}

function answered(response: RunFunctionResponse): RunFunctionResponse {
  return RunFunctionResponse.decode(RunFunctionResponse.encode(response).finish());
}

describe('a request', () => {
  test('gives the composite and the observed resources by identity', () => {
    const request = readRequest(sent(requestOf(composite, [key])));

    expect(request.composite).toEqual(composite);
    expect([...request.resources]).toEqual([[resourceId(key, 'storage-data'), key]]);
  });

  test('gives what the activation policies say, and nothing when it came without any', () => {
    const resource = { ...ACTIVATION_POLICY, metadata: { name: 'any' }, status: { activated: ['keys.kms.aws.m'] } };
    const asked = (requiredResources: Readonly<Record<string, object>>) =>
      readRequest(sent(RunFunctionRequest.fromPartial({ ...requestOf(composite, [key]), requiredResources })));
    const { requirementName } = ACTIVATION_REQUIREMENT;

    expect(asked({ [requirementName]: { items: [{ resource }] } }).activated).toEqual(new Set(['keys.kms.aws.m']));
    // As core says that there is none, and as it calls for a Composition that asks for none.
    expect(asked({ [requirementName]: { items: [] } }).activated).toBeUndefined();
    expect(asked({}).activated).toBeUndefined();
    expect(asked({ other: { items: [{ resource }] } }).activated).toBeUndefined();
    expect(asked({ [requirementName]: { items: [{ resource }] } }).resources.size).toBe(1);
  });

  test('without observed resources gives none', () => {
    expect(readRequest(sent(requestOf(composite, []))).resources.size).toBe(0);
  });

  test('keeps every kind of JSON value', () => {
    const spec = {
      integer: 3,
      large: 9007199254740991,
      negative: -7,
      fraction: 0.1,
      zero: 0,
      no: false,
      nothing: null,
      text: 'ä "quoted" \u2028 🦉',
      empty: '',
      list: [1, 'two', [], {}, null, [[3]]],
      map: {},
    };

    expect(readRequest(sent(requestOf({ ...composite, spec }, []))).composite.spec).toEqual(spec);
  });

  test('drops a key named __proto__ and changes no prototype', () => {
    const tags: Record<string, Json> = { constructor: 'c', kept: 'k' };
    Object.defineProperty(tags, '__proto__', { value: { polluted: 'yes' }, enumerable: true });
    const spec = { tags };
    const read = readRequest(sent(requestOf({ ...composite, spec }, []))).composite.spec;

    expect(JSON.stringify(read)).toBe('{"tags":{"constructor":"c","kept":"k"}}');
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    expect(Object.getPrototypeOf(read?.['tags'])).toBe(Object.prototype);
  });

  test.each([
    ['nothing', undefined],
    ['no name', { apiVersion: 'a/v1', kind: 'A', metadata: {} }],
    ['no kind', { apiVersion: 'a/v1', metadata: { name: 'a' } }],
    ['a list as metadata', { apiVersion: 'a/v1', kind: 'A', metadata: ['name'] }],
  ])('with %s as its composite is refused', (_, resource) => {
    const request = requestOf(composite, []);
    const broken = {
      ...request,
      observed: { composite: { resource, connectionDetails: {}, ready: 0 }, resources: {} },
    };

    expect(() => readRequest(broken)).toThrow('The observed composite is no Kubernetes object');
  });

  test.each(['bucket', 'a/b', 'Key.kms.aws.m.upbound.io/other', 'Bucket.s3.aws.m.upbound.io/storage-data'])(
    'with an observed resource that another function named %s gives those of ours only',
    (name) => {
      const resources = { [name]: { resource: key, connectionDetails: {}, ready: 0 } };
      const request = requestOf(composite, []);
      const foreign = { ...request, observed: { composite: request.observed?.composite, resources } };
      const ours = requestOf(composite, [key]).observed?.resources;
      const observed = { composite: request.observed?.composite, resources: { ...ours, ...resources } };

      expect(readRequest(foreign).resources.size).toBe(0);
      expect([...readRequest({ ...request, observed }).resources.keys()]).toEqual([resourceId(key, 'storage-data')]);
    },
  );

  test('with an observed resource that an earlier step desires leaves it to that step', () => {
    const request = requestOf(composite, [key]);
    const desired = { composite: undefined, resources: request.observed?.resources ?? {} };

    expect(readRequest({ ...request, desired }).resources.size).toBe(0);
  });

  test('with an observed resource that is no object names that resource', () => {
    const request = requestOf(composite, []);
    const resources = { 'Key.kms/a': { resource: { kind: 'Key' }, connectionDetails: {}, ready: 0 } };
    const broken = { ...request, observed: { composite: request.observed?.composite, resources } };

    expect(() => readRequest(broken)).toThrow('The observed resource "Key.kms/a" is no Kubernetes object');
  });
});

describe('an answer', () => {
  const request = requestOf(composite, []);

  test('carries every desired resource with its readiness, and echoes the tag', () => {
    const response = answered(writeResponse(request, composite, composed({ desired: [{ object: key, ready: true }] })));

    expect(response.meta?.tag).toBe('tag-1');
    expect(response.desired?.resources).toEqual({
      'Key.kms.aws.m.upbound.io/storage-data': {
        resource: { ...key, metadata: { name: 'storage-data' } },
        connectionDetails: {},
        ready: Ready.READY_TRUE,
      },
    });
    expect(response.results).toEqual([]);
  });

  test('leaves the namespace to core, which then looks every kind up before it removes anything', () => {
    const response = writeResponse(request, composite, composed({ desired: [{ object: key, ready: true }] }));

    expect(key.metadata.namespace).toBeDefined();
    expect(JSON.stringify(response.desired?.resources)).not.toContain('"namespace"');
  });

  describe('in a pipeline', () => {
    const resource = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'theirs' }, data: { b: '1', a: '2' } };
    const connectionDetails = { password: Buffer.from('p') };
    const theirs = { resource, connectionDetails, ready: Ready.READY_FALSE };
    const second = (ready: Ready, composedBefore = { theirs }) =>
      sent({
        ...request,
        desired: {
          composite: { resource: { status: { theirs: 1, release: 'x' } }, connectionDetails, ready },
          resources: composedBefore,
        },
        context: { 'example.org/environment': { deep: [1] } },
      });
    const answerTo = (asked: RunFunctionRequest, ready = true) =>
      answered(writeResponse(asked, composite, { ...composed({ desired: [{ object: key, ready: true }] }), ready }));

    test('carries over what earlier steps desire, and the context', () => {
      const response = answerTo(second(Ready.READY_UNSPECIFIED));

      expect(response.desired?.resources['theirs']).toEqual(theirs);
      expect(Object.keys(response.desired?.resources ?? {})).toHaveLength(2);
      expect(response.desired?.composite?.connectionDetails).toEqual(connectionDetails);
      expect(response.desired?.composite?.resource).toMatchObject({ status: { theirs: 1, release: '1.0.0' } });
      expect(response.context).toEqual({ 'example.org/environment': { deep: [1] } });
    });

    test('has only results and conditions of its own: core keeps those of others', () => {
      const response = answerTo(second(Ready.READY_UNSPECIFIED));

      expect(response.results).toEqual([]);
      expect(response.conditions.map(({ type }) => type)).toEqual(['Converged']);
    });

    test.each([
      ['nobody said, and others have resources', Ready.READY_UNSPECIFIED, true, Ready.READY_UNSPECIFIED],
      ['an earlier step said so', Ready.READY_TRUE, true, Ready.READY_TRUE],
      ['an earlier step said no', Ready.READY_FALSE, true, Ready.READY_FALSE],
      ['an earlier step said so, and we say no', Ready.READY_TRUE, false, Ready.READY_FALSE],
    ])('leaves the readiness of the composite to all (%s)', (_, before, ours, expected) => {
      expect(answerTo(second(before), ours).desired?.composite?.ready).toBe(expected);
    });

    test('stops when an earlier step desires what is ours', () => {
      const id = resourceId(key, 'storage-data');
      const response = answerTo(second(Ready.READY_UNSPECIFIED, { [id]: theirs } as never));

      expect(response.results).toMatchObject([
        { severity: Severity.SEVERITY_FATAL, message: expect.stringContaining(`${id} is desired by an earlier step`) },
      ]);
    });
  });

  test('says not-ready in words, so that core does not look for a Ready condition itself', () => {
    const result: Composed = { ...composed({ desired: [{ object: key, ready: false }] }), ready: false };
    const response = answered(writeResponse(request, composite, result));

    expect(response.desired?.resources['Key.kms.aws.m.upbound.io/storage-data']?.ready).toBe(Ready.READY_FALSE);
    expect(response.desired?.composite?.ready).toBe(Ready.READY_FALSE);
  });

  test('puts into status exactly the fields that the composites declare, and no empty map', () => {
    const result = composed({});
    const status: unknown = answered(writeResponse(request, composite, result)).desired?.composite?.resource?.[
      'status'
    ];

    const { converged: _, identities, ...fields } = result.status;
    expect(identities).toEqual({});
    expect(status).toEqual(fields);
  });

  test('makes an event of what changed', () => {
    const result = composed({});
    const converged = { status: false, message: '1 waits.' };
    const response = writeResponse(request, composite, { ...result, status: { ...result.status, converged } });

    expect(answered(response).results).toEqual([
      { severity: Severity.SEVERITY_WARNING, reason: 'Open', message: '1 waits.', target: 1 },
    ]);
  });

  test('leaves out what is undefined', () => {
    const result = composed({});
    const outputs: Record<string, string> = { id: 'i' };
    Object.assign(outputs, { arn: undefined });
    const response = writeResponse(request, composite, { ...result, status: { ...result.status, outputs } });
    const status: unknown = response.desired?.composite?.resource?.['status'];

    expect(status).toHaveProperty('outputs', { id: 'i' });
    expect(status).not.toHaveProperty('outputs.arn');
  });

  test.each<[string, ComposeStatus['converged'], number, Status, string]>([
    ['open', { status: false, message: '1 waits.' }, 10, Status.STATUS_CONDITION_FALSE, 'Open'],
    ['converged', { status: true, message: 'All is there.' }, 600, Status.STATUS_CONDITION_TRUE, 'Converged'],
  ])('that is %s has its condition and its time to live', (_, converged, seconds, status, reason) => {
    const result = composed({});
    const response = answered(
      writeResponse(request, composite, { ...result, status: { ...result.status, converged } }),
    );

    expect(response.meta?.ttl).toEqual({ seconds, nanos: 0 });
    expect(response.conditions).toEqual([{ type: 'Converged', status, reason, message: converged.message, target: 1 }]);
  });

  test('is the same bytes for the same result', () => {
    const bytes = (): Uint8Array =>
      RunFunctionResponse.encode(
        writeResponse(request, composite, composed({ desired: [{ object: key, ready: true }] })),
      ).finish();

    expect(bytes()).toEqual(bytes());
  });

  test('to a refused composite is one fatal result a violation, and no desired state', () => {
    const violation = { resource: 'a', path: 'spec', rule: 'cycle', received: null };
    const response = answered(
      writeResponse(request, composite, {
        outcome: 'refused',
        violations: [
          { ...violation, message: 'One.' },
          { ...violation, message: 'Two.' },
        ],
      }),
    );

    expect(response.results.map(({ severity, message }) => [severity, message])).toEqual([
      [Severity.SEVERITY_FATAL, 'One.'],
      [Severity.SEVERITY_FATAL, 'Two.'],
    ]);
    expect(response.conditions[0]).toMatchObject({ type: 'Converged', message: 'One. Two.' });
    expect(response.desired?.resources).toEqual({});
  });

  test('to a refusal for very many and long reasons stays small', () => {
    const violation = { resource: 'a', path: 'spec', rule: 'cycle', received: null, message: 'x'.repeat(100_000) };
    const violations = Array.from({ length: 100 }, () => violation);
    const response = answered(writeResponse(request, composite, { outcome: 'refused', violations }));

    expect(response.results).toHaveLength(21);
    expect(response.results[0]?.message).toHaveLength(1000);
    expect(response.results.at(-1)?.message).toBe('And 80 more.');
  });

  test('to a refusal without a violation is fatal all the same', () => {
    const response = writeResponse(request, composite, { outcome: 'refused', violations: [] });

    expect(response.results.map(({ severity }) => severity)).toEqual([Severity.SEVERITY_FATAL]);
  });
});

/** Depth that real objects reach: a deep policy plus `managedFields` over it. */
test('an object 28 levels deep crosses the wire', () => {
  let deep: Json = 'bottom';
  for (let level = 0; level < 27; level++) deep = { level: deep };
  const object: KubernetesObject = { ...composite, spec: { deep } };

  expect(readRequest(sent(requestOf(object, []))).composite).toEqual(object);
});
