import type { ApiObjectMetadata } from 'cdk8s';
import type { Context } from '../../crossplane/definition/context.ts';
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

/** Tags of every AWS resource; ours win over those of the config. */
export function tagsOf(context: Context): Readonly<Record<string, string>> {
  return { ...context.tags, application: 'owlnest', environment: context.environment };
}
