import type { IConstruct } from 'constructs';
import { contextOf } from '../../crossplane/definition/chart.ts';
import type { ActionTargets } from '../../imports/permissions.ts';
import { accountArn, type Arn, type ResourceType } from './arns.ts';

/** An IAM action that AWS has. */
export type Action = keyof ActionTargets;

/** Operators of conditions that `policy/access` can decide on. */
const OPERATORS = [
  'StringEquals',
  'StringLike',
  'ArnLike',
  'Bool',
  'ForAllValues:StringLike',
  'ForAnyValue:StringLike',
] as const;
type Operator = (typeof OPERATORS)[number];
export type Condition = { readonly [Name in Operator]?: Readonly<Record<string, string | readonly string[]>> };

/** One statement of a policy document, in AWS's own words. Made here only: what it allows is then on what it can be on. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  /** Absent in a policy of a role, which is the principal itself. */
  readonly Principal?: Principal;
  readonly Action: string | readonly string[];
  /** Absent in a trust policy. */
  readonly Resource?: string | readonly string[];
  readonly Condition?: Condition;
}

type Principal = '*' | { readonly AWS: string } | { readonly Federated: string } | { readonly Service: string };

/** Whom a statement of a resource's policy lets in, and what must hold of whoever that is. */
export interface Grantee {
  readonly principal: Principal;
  readonly condition?: Condition;
}

/** What these actions can be on: an ARN of a fitting type, or `*` where AWS knows none. */
type TargetOf<Name extends Action> = Target<ActionTargets[Name]>;
type Target<Type> = Type extends ResourceType ? Arn<Type> : '*';

/** The beginning of a statement: `allow('Read', 's3:GetObject').when(…).on(…)`. */
export interface Sentence<Name extends Action> {
  /** What must hold of a call as well. */
  when(condition: Condition): Sentence<Name>;
  /** Whom a resource's policy lets in. */
  to(grantee: Grantee): Sentence<Name>;
  /** The whole statement: what it is about. */
  on(...targets: readonly [TargetOf<Name>, ...TargetOf<Name>[]]): Statement;
  /** The whole statement in the policy of a key, where `*` is that key. */
  onThisKey(): Statement;
}

/** A statement that allows these actions. @param sid what people call it: letters and digits */
export function allow<Name extends Action>(sid: string, ...actions: readonly [Name, ...Name[]]): Sentence<Name> {
  return sentence({ Sid: sid, Effect: 'Allow', Action: oneOrMany(actions) });
}

function sentence<Name extends Action>(
  { Sid, Effect, Action }: Pick<Statement, 'Sid' | 'Effect' | 'Action'>,
  said: { readonly Principal?: Principal; readonly Condition?: Condition } = {},
): Sentence<Name> {
  const { Principal, Condition } = said;
  const on = (targets: readonly string[]): Statement => ({
    Sid,
    Effect,
    ...(Principal === undefined ? {} : { Principal }),
    Action,
    Resource: oneOrMany(targets),
    ...(Condition === undefined ? {} : { Condition }),
  });
  const also = (condition: Condition | undefined) =>
    condition === undefined ? said : { ...said, Condition: both(Condition ?? {}, condition) };
  return {
    when: (condition) => sentence({ Sid, Effect, Action }, also(condition)),
    to: ({ principal, condition }) => sentence({ Sid, Effect, Action }, { ...also(condition), Principal: principal }),
    on: (...targets) => on(targets),
    onThisKey: () => on(['*']),
  };
}

/** Refuses everything that does not come by TLS: the statement that the policy of a bucket or a queue begins with. */
export function refuseWithoutTls(service: 's3' | 'sqs', ...targets: readonly [Arn, ...Arn[]]): Statement {
  return {
    Sid: 'TlsOnly',
    Effect: 'Deny',
    Principal: '*',
    Action: `${service}:*`,
    Resource: oneOrMany(targets),
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
}

/** The statement of a trust policy: who may act as the role. */
export function assumableBy(
  sid: string,
  { principal, condition }: Grantee,
  action: 'sts:AssumeRole' | 'sts:AssumeRoleWithWebIdentity' = 'sts:AssumeRole',
): Statement {
  return {
    Sid: sid,
    Effect: 'Allow',
    Principal: principal,
    Action: action,
    ...(condition === undefined ? {} : { Condition: condition }),
  };
}

/**
 * A service of AWS that acts for this account, and for nobody else's: another customer could have it act here on his behalf
 * (the confused deputy). @param from ARN, or a pattern of ARNs, of what it acts for
 */
export function service(construct: IConstruct, name: `${string}.amazonaws.com`, from?: string): Grantee {
  return {
    principal: { Service: name },
    condition: {
      StringEquals: { 'aws:SourceAccount': contextOf(construct).account },
      ...(from === undefined ? {} : { ArnLike: { 'aws:SourceArn': from } }),
    },
  };
}

/** Whoever in the account its IAM policies let. */
export function wholeAccount(construct: IConstruct): Grantee {
  return { principal: { AWS: accountArn(construct) } };
}

/** A policy document as JSON text. */
export function policyText(statements: readonly Statement[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

function both(one: Condition, other: Condition): Condition {
  const said = OPERATORS.filter((operator) => one[operator] !== undefined || other[operator] !== undefined);
  return Object.fromEntries(said.map((operator) => [operator, { ...one[operator], ...other[operator] }]));
}

function oneOrMany(values: readonly string[]): string | readonly string[] {
  const [first] = values;
  return values.length === 1 && first !== undefined ? first : values;
}
