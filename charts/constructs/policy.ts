import type { IConstruct } from 'constructs';
import { contextOf } from '../../crossplane/definition/chart.ts';
import type { ActionTargets, ConditionKeys, GlobalConditionKey } from '../../imports/permissions.ts';
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

/** What must hold of a call: by operator, what the value of a key is. AWS knows each of these keys. */
export type Condition<Key extends string = AnyConditionKey> = {
  readonly [Name in Operator]?: { readonly [Of in Key]?: string | readonly string[] };
};
type AnyConditionKey = GlobalConditionKey | ConditionKeys[keyof ConditionKeys];

/** Keys that calls of an action can have: those of all services, and those of its own. */
type KeyOf<Name extends Action> = GlobalConditionKey | KeyOfService<Name>;
type KeyOfService<Name> = Name extends `${infer Service extends keyof ConditionKeys}:${string}`
  ? ConditionKeys[Service]
  : never;

/** In AWS's own words. Made here only: what it allows is then on what it can be on. */
interface StatementOnWhat {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Condition;
}

/** A statement in a policy of a role, which is the principal itself. */
export interface RoleStatement extends StatementOnWhat {
  readonly Principal?: never;
}

/** A statement in the policy of a resource: whom it is about is said. */
export interface ResourceStatement extends StatementOnWhat {
  readonly Principal: Principal;
}

/** A statement in the trust policy of a role, which is about the role. */
export interface TrustStatement extends Omit<ResourceStatement, 'Resource'> {
  readonly Resource?: never;
}

type Principal = '*' | { readonly AWS: string } | { readonly Federated: string } | { readonly Service: string };

/** Whom a statement of a resource's policy lets in, and what must hold of whoever that is. */
export interface Grantee {
  readonly principal: Principal;
  readonly condition?: Condition;
}

/** What an action can be on: an ARN of a fitting type, or `*` where AWS knows none. */
type TargetOf<Name extends Action> = Target<ActionTargets[Name]>;
type Target<Type> = Type extends ResourceType ? Arn<Type> : '*';

/** One target at least. */
type TargetsOf<Name extends Action> = readonly [TargetOf<Name>, ...TargetOf<Name>[]];

/**
 * Of these actions, those that would be allowed on nothing, since no target is certain to be one of theirs, or on
 * everything, since `*` is there for another: `s3:ListBucket` on objects, `s3:GetObject` on a bucket.
 */
type Misfit<Name extends Action, Targets extends readonly unknown[]> = Name extends Action
  ? true extends { [At in keyof Targets]: [Targets[At]] extends [TargetOf<Name>] ? true : false }[number]
    ? '*' extends Targets[number]
      ? '*' extends TargetOf<Name>
        ? never
        : Name
      : never
    : Name
  : never;

/** Nothing more to ask of targets that fit every action; otherwise what the compiler then says. */
type Fitting<Name extends Action, Targets extends readonly unknown[]> = [Misfit<Name, Targets>] extends [never]
  ? unknown
  : `none of these is what ${Misfit<Name, Targets>} is on, or * is more than that`;

/** What a role is allowed to do: `role.allow('Read', 's3:GetObject').when(…).on(…)`. */
export interface RoleSentence<Name extends Action> {
  /** What must hold of a call as well. */
  when(condition: Condition<KeyOf<Name>>): RoleSentence<Name>;
  /** The whole statement: what it is about. Each action acts on one of the targets at least. */
  on<const Targets extends TargetsOf<Name>>(...targets: Targets & Fitting<Name, Targets>): RoleStatement;
}

/** What somebody is allowed to do with a resource. */
export interface ResourceSentence<Name extends Action> {
  when(condition: Condition<KeyOf<Name>>): ResourceSentence<Name>;
  on<const Targets extends TargetsOf<Name>>(...targets: Targets & Fitting<Name, Targets>): ResourceStatement;
  /** The whole statement in the policy of a key, where `*` is that key: for actions on keys, and then without an argument. */
  onThisKey(
    ...misfit: [Misfit<Name, [Arn<'kms:key'>]>] extends [never] ? [] : [Misfit<Name, [Arn<'kms:key'>]>]
  ): ResourceStatement;
}

/** The beginning of a statement, of which nobody has said yet in whose policy it stands. */
export interface Sentence<Name extends Action> extends RoleSentence<Name> {
  when(condition: Condition<KeyOf<Name>>): Sentence<Name>;
  /** Whom the policy of a resource lets in. */
  to(grantee: Grantee): ResourceSentence<Name>;
}

/** A statement that allows these actions. @param sid what people call it: letters and digits */
export function allow<Name extends Action>(sid: string, ...actions: readonly [Name, ...Name[]]): Sentence<Name> {
  return unaddressed(begin(sid, actions));
}

/** The same for a role, whose policy keeps the statement once it is whole. */
export function allowTo<Name extends Action>(
  keep: (statement: RoleStatement) => void,
  sid: string,
  actions: readonly [Name, ...Name[]],
): RoleSentence<Name> {
  return unaddressed(begin(sid, actions), undefined, keep);
}

type Begun = Pick<StatementOnWhat, 'Sid' | 'Effect' | 'Action'>;

function begin(sid: string, actions: readonly string[]): Begun {
  return { Sid: sid, Effect: 'Allow', Action: oneOrMany(actions) };
}

function unaddressed<Name extends Action>(
  begun: Begun,
  condition?: Condition,
  keep?: (statement: RoleStatement) => void,
): Sentence<Name> {
  return {
    when: (more: Condition) => unaddressed(begun, both(condition, more), keep),
    to: (grantee) => addressed(begun, grantee.principal, both(condition, grantee.condition)),
    on: (...targets: readonly string[]) => {
      const statement = { ...begun, Resource: oneOrMany(targets), ...conditionOf(condition) };
      keep?.(statement);
      return statement;
    },
  };
}

function addressed<Name extends Action>(
  begun: Begun,
  principal: Principal,
  condition: Condition | undefined,
): ResourceSentence<Name> {
  const { Action, ...name } = begun;
  const on = (...targets: readonly string[]): ResourceStatement => ({
    ...name,
    Principal: principal,
    Action,
    Resource: oneOrMany(targets),
    ...conditionOf(condition),
  });
  return {
    when: (more: Condition) => addressed(begun, principal, both(condition, more)),
    on,
    onThisKey: () => on('*'),
  };
}

/** Refuses everything that does not come by TLS: the statement that the policy of a bucket or a queue begins with. */
export function refuseWithoutTls(service: 's3' | 'sqs', ...targets: readonly [Arn, ...Arn[]]): ResourceStatement {
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
): TrustStatement {
  return { Sid: sid, Effect: 'Allow', Principal: principal, Action: action, ...conditionOf(condition) };
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

/**
 * A policy document as JSON text: of a role, of a resource or of trust, never of several.
 * @throws Error of what AWS refuses: no statement, a Sid of anything but letters and digits, or one that stands twice
 */
export function policyText(
  statements: readonly RoleStatement[] | readonly ResourceStatement[] | readonly TrustStatement[],
): string {
  if (statements.length === 0) throw new Error('a policy says nothing: allow something, or leave it out.');
  const sids = statements.map(({ Sid }) => Sid);
  const wrong = sids.find((sid, index) => !/^[A-Za-z0-9]+$/.test(sid) || sids.indexOf(sid) !== index);
  if (wrong !== undefined) {
    throw new Error(`the statement "${wrong}" of a policy needs a name of its own, of letters and digits.`);
  }
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

/** What must hold, of one and of the other. A key that both speak of would be one's alone, so it is refused. */
function both(one: Condition | undefined, other: Condition | undefined): Condition | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  const said = OPERATORS.filter((operator) => one[operator] !== undefined || other[operator] !== undefined);
  return Object.fromEntries(
    said.map((operator) => {
      const twice = Object.keys(one[operator] ?? {}).find((key) => key in (other[operator] ?? {}));
      if (twice !== undefined) throw new Error(`${operator} says twice what ${twice} must be.`);
      return [operator, { ...one[operator], ...other[operator] }];
    }),
  );
}

function conditionOf(condition: Condition | undefined): { readonly Condition?: Condition } {
  return condition === undefined ? {} : { Condition: condition };
}

function oneOrMany(values: readonly string[]): string | readonly string[] {
  const [first] = values;
  return values.length === 1 && first !== undefined ? first : values;
}
