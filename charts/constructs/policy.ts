/** One statement of a policy document, in AWS's own words. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  /** Absent in a policy of a role, which is the principal itself. */
  readonly Principal?: '*' | { readonly AWS: string } | { readonly Service: string } | { readonly Federated: string };
  readonly Action: string | readonly string[];
  /** Absent in a trust policy. */
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** A policy document as JSON text. */
export function policyText(statements: readonly Statement[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

/** An account as a principal: its IAM policies decide on who in it may do what the statement allows. */
export function accountPrincipal(account: string): { readonly AWS: string } {
  return { AWS: `arn:aws:iam::${account}:root` };
}
