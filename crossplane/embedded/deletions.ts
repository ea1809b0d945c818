import { groupOf } from '../reference/identity.ts';
import type { AwsResource } from './aws.ts';

/** What AWS looks at when it is asked to delete a resource. */
export interface Surroundings {
  readonly others: readonly AwsResource[];
  /** Names of buckets that objects were put into. */
  readonly filled: ReadonlySet<string>;
}

type Rule = (resource: AwsResource, around: Surroundings) => string | undefined;

/**
 * Kinds whose deletion AWS can refuse, with its own words. All others that the charts render it deletes at any time:
 * a KMS key asks nobody who uses it and is only scheduled for deletion (KMS API reference, ScheduleKeyDeletion), its
 * alias goes before or after it, and SNS takes the subscriptions along with a topic.
 */
const REFUSALS: Readonly<Record<string, Rule>> = {
  // API Gateway API reference, DeleteDeployment; the text is the service's (terraform-provider-aws issue 19805).
  'Deployment.apigateway.aws.m.upbound.io': ({ apiVersion, externalName }, { others }) =>
    others.some((other) => isKind(other, 'Stage', apiVersion) && other.forProvider['deploymentId'] === externalName)
      ? 'BadRequestException: Active stages pointing to this deployment must be moved or deleted'
      : undefined,
  // S3 API reference, DeleteBucket: objects, versions and delete markers go first. With `forceDestroy` the provider
  // deletes them before it deletes the bucket.
  'Bucket.s3.aws.m.upbound.io': ({ externalName, forProvider }, { filled }) =>
    filled.has(externalName) && forProvider['forceDestroy'] !== true
      ? 'BucketNotEmpty: The bucket you tried to delete is not empty'
      : undefined,
  // DynamoDB developer guide, "Using deletion protection".
  'Table.dynamodb.aws.m.upbound.io': ({ forProvider }) =>
    forProvider['deletionProtectionEnabled'] === true
      ? 'ValidationException: Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.'
      : undefined,
};

/** What AWS deletes together with a resource, by the field of the others that names it. */
const PARENTS: Readonly<Record<string, string>> = {
  // Deployments and stages are parts of their API: `/restapis/{id}/stages`.
  'RestAPI.apigateway.aws.m.upbound.io': 'restApiId',
  // Policy, versioning, encryption and the like are settings of their bucket.
  'Bucket.s3.aws.m.upbound.io': 'bucket',
};

/** AWS's words when it refuses to delete the resource as things are; `undefined` when it deletes it. */
export function refusalOf(resource: AwsResource, around: Surroundings): string | undefined {
  return REFUSALS[kindOf(resource)]?.(resource, around);
}

/** True when the deletion of `parent` takes `resource` along. */
export function goesWith(resource: AwsResource, parent: AwsResource): boolean {
  const field = PARENTS[kindOf(parent)];
  const sameService = resource.apiVersion === parent.apiVersion;
  return field !== undefined && sameService && resource.forProvider[field] === parent.externalName;
}

function kindOf({ apiVersion, kind }: AwsResource): string {
  return `${kind}.${groupOf(apiVersion)}`;
}

function isKind(resource: AwsResource, kind: string, apiVersion: string): boolean {
  return resource.kind === kind && resource.apiVersion === apiVersion;
}
