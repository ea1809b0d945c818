import { groupOf } from '../crossplane/reference/identity.ts';
import { own } from '../crossplane/schema/json.ts';
import type { SchemaRegistry } from '../crossplane/schema/registry.ts';
import type { GroupVersionKind, KubernetesObject } from '../imports/base.ts';
import { apigateway } from './apigateway.ts';
import { appautoscaling } from './appautoscaling.ts';
import { cognitoidentity } from './cognitoidentity.ts';
import { cognitoidp } from './cognitoidp.ts';
import { dynamodb } from './dynamodb.ts';
import type { KindFacts, ServiceFacts } from './facts.ts';
import { iam } from './iam.ts';
import { kms } from './kms.ts';
import { s3 } from './s3.ts';
import { defaultShape, type Shape } from './shape.ts';

/** By the service in the kind's group: `kms` of `kms.aws.m.upbound.io`. */
const services: Readonly<Record<string, ServiceFacts>> = {
  apigateway,
  appautoscaling,
  cognitoidentity,
  cognitoidp,
  dynamodb,
  iam,
  kms,
  s3,
};

/** What is known of a kind, if anything is. */
export function factsOf(gvk: GroupVersionKind): KindFacts | undefined {
  return own(own(services, serviceOf(gvk)), gvk.kind);
}

/** What the status of a kind looks like once a resource is ready. */
export function shapeOf(gvk: GroupVersionKind, schemas: SchemaRegistry): Shape {
  const known = factsOf(gvk)?.shape;
  if (known !== undefined) return known;
  const status = schemas.find(gvk)?.schema.properties?.['status']?.properties?.['atProvider'];
  return defaultShape(status?.properties?.['arn'] !== undefined);
}

/** The kinds among managed resources that nothing is known of, each as a sentence that names the file to add it to. */
export function unknownKinds(objects: readonly KubernetesObject[], schemas: SchemaRegistry): readonly string[] {
  const unknown = new Map(
    objects
      .filter((object) => schemas.find(object)?.provider !== undefined && factsOf(object) === undefined)
      .map(({ apiVersion, kind, metadata }) => [`${kind}.${groupOf(apiVersion)}`, { apiVersion, kind, metadata }]),
  );
  return [...unknown].map(
    ([name, { apiVersion, kind, metadata }]) =>
      `Nothing is known of the kind ${name}, which ${metadata.name} is of: say in kinds/${serviceOf({ apiVersion, kind })}.ts what it charges, and how it looks and goes.`,
  );
}

function serviceOf({ apiVersion }: GroupVersionKind): string {
  return groupOf(apiVersion).split('.')[0] ?? '';
}
