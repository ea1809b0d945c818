import type { IConstruct } from 'constructs';
import { contextOf, regionOf } from '../../crossplane/definition/chart.ts';
import type { EnvironmentRegion } from '../../imports/base.ts';

/** S3's limit of a bucket's name, in characters. */
const BUCKET_NAME_LIMIT = 63;

/** Cognito's limit of a domain's prefix, in characters. */
const SIGN_IN_PREFIX_LIMIT = 63;

/**
 * `owlnest-<thing>-<environment>`: the AWS name of what is unique within an account and region.
 * @param construct anything in the environment's charts
 */
export function awsName(construct: IConstruct, thing: string): string {
  return `owlnest-${thing}-${contextOf(construct).environment}`;
}

/** `owlnest-<thing>-<environment>-<account>-<region>`: bucket names are shared by all of AWS. */
export function bucketName(construct: IConstruct, thing: string, region: EnvironmentRegion): string {
  const name = globalName(construct, thing, region);
  if (name.length > BUCKET_NAME_LIMIT) {
    throw new Error(`The bucket name ${name} has ${name.length} characters; S3 takes ${BUCKET_NAME_LIMIT}.`);
  }
  return name;
}

/** The prefix of a user pool's domain, of the same form: it is shared by all of AWS in a region. */
export function signInPrefix(construct: IConstruct, thing: string): string {
  const prefix = globalName(construct, thing, 'home');
  if (prefix.length > SIGN_IN_PREFIX_LIMIT) {
    throw new Error(
      `The prefix ${prefix} of the sign-in pages has ${prefix.length} characters; Cognito takes ${SIGN_IN_PREFIX_LIMIT}.`,
    );
  }
  return prefix;
}

function globalName(construct: IConstruct, thing: string, region: EnvironmentRegion): string {
  return `${awsName(construct, thing)}-${contextOf(construct).account}-${regionOf(construct, region)}`;
}

/** The environment that a name of these forms is of; `undefined` for a name of another form. */
export function environmentOfName(name: string): string | undefined {
  return /^owlnest-.+?-([a-z][a-z0-9]{2,14})(?:-\d{12}-[a-z]{2}(?:-[a-z]+)+-\d)?$/.exec(name)?.[1];
}
