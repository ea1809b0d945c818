/** What a kind needs beside its schema stands in one file a service, and nothing is rendered without. */
import { describe, expect, it } from '@jest/globals';
import { loadEnvironments } from '../../cli/environments.ts';
import { convergeEnvironment, refuseFindings } from '../../cli/rendering.ts';
import { openToolchain } from '../../cli/toolchain.ts';
import type { KubernetesObject } from '../../imports/base.ts';
import { factsOf, shapeOf, unknownKinds } from '../../kinds/index.ts';
import { shapeInput } from '../../kinds/shape.ts';
import { EVERYTHING, storageWith } from '../charts/storage/rendered.ts';

const toolchain = openToolchain();
const { schemas } = toolchain;
const today = '2026-01-01';

function object(service: string, kind: string, forProvider: Record<string, string> = {}): KubernetesObject {
  const annotations = { 'crossplane.io/external-name': 'thing' };
  return {
    apiVersion: `${service}.aws.m.upbound.io/v1beta1`,
    kind,
    metadata: { name: 'production-thing', annotations },
    spec: { forProvider },
  };
}

const SENTENCE =
  'Nothing is known of the kind Queue.sqs.aws.m.upbound.io, which production-thing is of: say in kinds/sqs.ts what it charges, and how it looks and goes.';

describe('a kind that charts render', () => {
  it('is known, with everything switched on', () => {
    expect(unknownKinds(storageWith(EVERYTHING).plane.apiServer.list(), schemas)).toEqual([]);
  });

  it('is told by the file to add it to when it is not, once for all its resources', () => {
    expect(unknownKinds([object('sqs', 'Queue'), object('kms', 'Key'), object('sqs', 'Queue')], schemas)).toEqual([
      SENTENCE,
    ]);
  });

  it('is not written while nothing is known of it', () => {
    const [environment] = loadEnvironments(toolchain.schemas, toolchain.release);
    if (environment === undefined) throw new Error('There is no environment.');
    const converged = convergeEnvironment(environment, toolchain, today);
    expect(() => refuseFindings([converged], toolchain)).not.toThrow();
    const more = { ...converged, objects: [...converged.objects, object('sqs', 'Queue')] };
    expect(() => refuseFindings([more], toolchain)).toThrow(SENTENCE);
  });
});

describe('the status of a kind that says nothing of its own', () => {
  const statusOf = (one: KubernetesObject) => shapeOf(one, schemas).atProvider(shapeInput(one, '123456789012'));

  it('is its name as id, and an ARN where the kind has one', () => {
    expect(factsOf(object('sqs', 'Queue'))).toBeUndefined();
    expect(statusOf(object('sqs', 'Queue', { region: 'eu-north-1' }))).toEqual({
      id: 'thing',
      arn: 'arn:aws:sqs:eu-north-1:123456789012:queue/thing',
    });
    expect(factsOf(object('s3', 'BucketPolicy'))).toEqual({ charges: 'nothing' });
    expect(statusOf(object('s3', 'BucketPolicy'))).toEqual({ id: 'thing' });
  });
});
