import type { JsonObject, KubernetesObject } from '../imports/base.ts';

/** AWS account of the examples. */
export const EXAMPLE_ACCOUNT = '123456789012';

/** A resource for a rule's cases, its AWS name being `example` unless another one is given. */
export function example(kind: string, forProvider: JsonObject, awsName = 'example'): KubernetesObject {
  const [name = '', service = ''] = kind.split('.');
  return {
    apiVersion: `${service}.aws.m.upbound.io/v1beta1`,
    kind: name,
    metadata: {
      name: `production-storage-${awsName}`,
      annotations: { 'crossplane.io/external-name': awsName },
    },
    spec: { forProvider },
  };
}

/** A bucket named `example`. */
export const exampleBucket: KubernetesObject = example('Bucket.s3', { forceDestroy: false });

/** The bucket and one aspect of it. */
export function bucketWith(kind: string, forProvider: JsonObject): readonly KubernetesObject[] {
  return [exampleBucket, example(`${kind}.s3`, { bucket: 'example', ...forProvider })];
}

/** A policy document as text. */
export function document(...statements: readonly JsonObject[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}
