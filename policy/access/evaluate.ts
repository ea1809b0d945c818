import type { Statement } from '../statements.ts';
import { conditionsHold, type RequestContext } from './conditions.ts';
import { covers } from './pattern.ts';

/** Who asks: a role of the account, by ARN, or a service of AWS, by its name (`lambda.amazonaws.com`). */
export type Principal = { readonly role: string; readonly account: string } | { readonly service: string };

/** One call of AWS. */
export interface Call {
  readonly principal: Principal;
  /** IAM action, `dynamodb:Query`. */
  readonly action: string;
  /** ARN of what it acts on; `*` for actions that know no resource. */
  readonly resource: string;
  /** Twelve digits: the account that the resource is in. */
  readonly account: string;
  readonly context?: RequestContext;
}

/** The policies that AWS looks at. */
export interface Policies {
  /** Of the role. */
  readonly identity?: readonly Statement[];
  /** The most that the role may do; undefined where it has no boundary. */
  readonly boundary?: readonly Statement[] | undefined;
  /** Of the resource. */
  readonly resource?: readonly Statement[];
  /** True for keys of KMS: a policy of a role counts only where the key's own policy lets the account decide. */
  readonly resourceDecides?: boolean;
}

export type Decision = 'allowed' | 'denied by a statement' | 'allowed by no statement';

/**
 * What AWS answers, for the part of its language that the charts write. Source: IAM User Guide, "Policy evaluation logic"
 * and "Cross-account policy evaluation logic"; AWS KMS Developer Guide, "Key policies". Not known here, and refused:
 * `NotAction`, `NotResource`, `NotPrincipal` and policy variables. Policies of sessions and of an organisation are not
 * looked at.
 * @throws Error of what is not known: no decision is better than a wrong one
 */
export function decide(call: Call, policies: Policies): Decision {
  const { principal } = call;
  const speaking = {
    identity: (policies.identity ?? []).filter((statement) => concerns(statement, call)),
    boundary: policies.boundary?.filter((statement) => concerns(statement, call)),
    resource: (policies.resource ?? []).filter(
      (statement) => concerns(statement, call) && isNamed(statement, principal),
    ),
  };
  const all = [...speaking.identity, ...(speaking.boundary ?? []), ...speaking.resource];
  if (all.some(({ effect }) => effect === 'Deny')) return 'denied by a statement';
  const isAllowed =
    'service' in principal
      ? speaking.resource.length > 0
      : speaking.boundary?.length !== 0 && isRoleAllowed(principal, call, speaking, policies.resourceDecides ?? false);
  return isAllowed ? 'allowed' : 'allowed by no statement';
}

/** Of a role within its boundary, given the statements that allow the call. */
function isRoleAllowed(
  { role, account }: { readonly role: string; readonly account: string },
  call: Call,
  { identity, resource }: { readonly identity: readonly Statement[]; readonly resource: readonly Statement[] },
  resourceDecides: boolean,
): boolean {
  if (account !== call.account) return identity.length > 0 && resource.length > 0;
  if (resource.some((statement) => namesRole(statement, role))) return true;
  return identity.length > 0 && (!resourceDecides || resource.length > 0);
}

/** Whether a statement speaks of the call, whoever makes it. */
function concerns({ sid, actions, resources, conditions, others }: Statement, call: Call): boolean {
  const unknown = [...others, ...resources.filter((text) => text.includes('${'))];
  if (unknown.length > 0) throw new Error(`No evaluation of ${unknown.join(', ')} is written (statement ${sid}).`);
  return (
    actions.some((action) => covers(action.toLowerCase(), call.action.toLowerCase())) &&
    // A trust policy has no resource: it speaks of its role.
    (resources.length === 0 || resources.some((resource) => covers(resource, call.resource))) &&
    conditionsHold(conditions, call.context ?? {})
  );
}

/** Whether the principals of a resource's statement include who calls, by name or through the account. */
function isNamed(statement: Statement, principal: Principal): boolean {
  if (statement.principals === '*') return true;
  if ('service' in principal) return statement.principals?.['Service']?.includes(principal.service) === true;
  return namesRole(statement, principal.role) || namesAccount(statement, principal.account);
}

function namesRole({ principals }: Statement, role: string): boolean {
  if (principals === '*') return true;
  const names = principals?.['AWS'] ?? [];
  return names.includes('*') || names.includes(role);
}

function namesAccount({ principals }: Statement, account: string): boolean {
  if (principals === '*' || principals === undefined) return false;
  const root = new RegExp(`^(arn:[^:]+:iam::${account}:root|${account})$`);
  return (principals['AWS'] ?? []).some((name) => root.test(name));
}
