import type { IConstruct } from 'constructs';
import { contextOf, regionOf } from '../../crossplane/definition/chart.ts';
import { ARN_FORMS } from '../../imports/permissions.ts';
import type { EnvironmentRegion } from '../../imports/base.ts';
import type { FunctionName } from '../../lambda/contract/function-names.ts';
import { awsName } from './naming.ts';

/** A type of resource as IAM calls it: `dynamodb:table`. */
export type ResourceType = keyof typeof ARN_FORMS;

declare const resourceType: unique symbol;

/** The ARN of a resource of a type, or a pattern of such ARNs. */
export type Arn<Type extends ResourceType = ResourceType> = string & { readonly [resourceType]: Type };

type PlacesIn<Form extends string> = Form extends `${string}{${infer Place}}${infer Rest}`
  ? Place | PlacesIn<Rest>
  : never;
/** What an ARN of the type is made of beside partition, region and account. */
type Parts<Type extends ResourceType> = {
  readonly [Place in Exclude<PlacesIn<(typeof ARN_FORMS)[Type]>, 'Partition' | 'Region' | 'Account'>]: string;
};

/** Where a resource is, if not in the environment's account and region. */
interface Whereabouts {
  /** @default the environment's own region */
  readonly region?: EnvironmentRegion | '*';
}

/**
 * The ARN of a resource of this environment's account: it follows from its name, so nobody has to wait for it. A part can
 * be `*`.
 */
export function arnOf<Type extends ResourceType>(
  construct: IConstruct,
  type: Type,
  parts: Parts<Type>,
  { region = 'home' }: Whereabouts = {},
): Arn<Type> {
  const places: Readonly<Record<string, string>> = {
    Partition: partitionOf(regionOf(construct, 'home')),
    Region: region === '*' ? region : regionOf(construct, region),
    Account: contextOf(construct).account,
    ...parts,
  };
  const form: string = ARN_FORMS[type];
  return known(
    type,
    form.replaceAll(/\{(\w+)\}/g, (_, place: string) => {
      const value = places[place];
      if (value === undefined) throw new Error(`nothing says what ${place} of ${form} is.`);
      return value;
    }),
  );
}

/** An ARN that somebody else tells (AWS, another layer), of which is known what it is of; or a pattern made of one. */
export function known<Type extends ResourceType>(type: Type, arn: string): Arn<Type> {
  // The only place where a text becomes an ARN of a type: everywhere else the compiler keeps them apart.
  return arn as Arn<typeof type>;
}

/** A pattern of everything that a service has in the account, in any region. */
export function allOf(construct: IConstruct, service: string): string {
  return `arn:${partitionOf(regionOf(construct, 'home'))}:${service}:*:${contextOf(construct).account}:*`;
}

/** The partition of a region: `aws-cn` for `cn-north-1`. Source: AWS General Reference, "Amazon Resource Names". */
export function partitionOf(region: string): 'aws' | 'aws-cn' | 'aws-us-gov' {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

/** The ARN of a role of any account: what a chart of no composite names. */
export function roleArn(region: string, account: string, name: string): Arn<'iam:role'> {
  return known('iam:role', `arn:${partitionOf(region)}:iam::${account}:role/${name}`);
}

/** The account itself as a principal of a policy: its own IAM policies decide on who in it may do what. */
export function accountArn(construct: IConstruct): string {
  return `arn:${partitionOf(regionOf(construct, 'home'))}:iam::${contextOf(construct).account}:root`;
}

/** What a service is called in a region, where a condition names it: `s3.eu-north-1.amazonaws.com`. */
export function serviceIn(service: string, region: string): string {
  return `${service}.${region}.amazonaws.com${partitionOf(region) === 'aws-cn' ? '.cn' : ''}`;
}

/** The alias of a function that everybody calls: what is `live` changes, the ARN does not. */
export const LIVE = 'live';

/** The ARN of the alias `live` of a function of this environment. */
export function functionArn(construct: IConstruct, name: FunctionName): Arn<'lambda:function alias'> {
  return arnOf(construct, 'lambda:function alias', { FunctionName: awsName(construct, name), Alias: LIVE });
}
