import type { ApiObject, ApiObjectMetadata } from 'cdk8s';
import type { Context } from '../../crossplane/definition/context.ts';
import { resourceId } from '../../crossplane/reference/identity.ts';
import { EXTERNAL_NAME_ANNOTATION } from '../../crossplane/reference/marks.ts';

/** S3's limit of a bucket's name, in characters. */
const BUCKET_NAME_LIMIT = 63;

/** `owlnest-<thing>-<environment>`: the AWS name of what is unique within an account and region. */
export function awsName(thing: string, context: Context): string {
  return `owlnest-${thing}-${context.environment}`;
}

/** `owlnest-<thing>-<environment>-<account>-<region>`: bucket names are shared by all of AWS. */
export function bucketName(thing: string, context: Context, region: string): string {
  const name = `${awsName(thing, context)}-${context.account}-${region}`;
  if (name.length > BUCKET_NAME_LIMIT) {
    throw new Error(`The bucket name ${name} has ${name.length} characters; S3 takes ${BUCKET_NAME_LIMIT}.`);
  }
  return name;
}

/** Metadata of a resource whose AWS name we choose. */
export function named(externalName: string): ApiObjectMetadata {
  return { annotations: { [EXTERNAL_NAME_ANNOTATION]: externalName } };
}

/** The AWS name of a resource: the one recorded in git, of what was adopted, or else the one that we choose. */
export function nameInAws(resource: ApiObject, chosen: string, context: Context): string {
  return context.identities[resourceId(resource, resource.name)]?.externalName ?? chosen;
}

/** True as long as the resource is only looked at: what belongs to it must not change it either. */
export function isOnlyObserved(resource: ApiObject, context: Context): boolean {
  return context.identities[resourceId(resource, resource.name)]?.mode === 'adopt';
}
