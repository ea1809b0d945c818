/** What the policies of every layer decide: neighbours of each call that they allow are denied. */
import { describe, expect, it } from '@jest/globals';
import { decide, type Call } from '../../../policy/access/evaluate.ts';
import { kindOf } from '../../../policy/resources.ts';
import { statementsIn, statementsOf, type Statement } from '../../../policy/statements.ts';
import type { KubernetesObject } from '../../../imports/base.ts';
import { layers } from '../../charts/layers.ts';
import { ACCOUNT, layerAtRest } from '../../support/layer.ts';

const OTHER = '210987654321';

/** What a statement with wildcards is tried with: one action and one resource that it covers. */
const example = (pattern: string | undefined): string => (pattern ?? '*').replaceAll('*', 'x');

/** A value that fulfils every condition of the statement. */
function fulfilling({ conditions }: Statement): Record<string, string> {
  const keys = Object.values(conditions).flatMap((one) => Object.entries(one));
  const values = Object.fromEntries(
    keys.map(([key, value]) => [key, example(String(Array.isArray(value) ? value[0] : value))] as const),
  );
  return { ...values, 'aws:SecureTransport': 'true' };
}

/** Calls that a statement is about. */
function callsOf(statement: Statement): readonly Omit<Call, 'principal'>[] {
  const resources = statement.resources.length === 0 ? ['arn:aws:iam::1:role/x'] : statement.resources;
  return statement.actions.flatMap((action) =>
    resources.map((resource) => ({
      action: example(action),
      resource: example(resource),
      account: ACCOUNT,
      context: fulfilling(statement),
    })),
  );
}

const everywhere = Object.values(layers).flatMap(({ rendered }) => [
  ...layerAtRest(rendered, rendered.everything).rendered.resources,
]);
/** Resources with a policy of their own, and its statements. */
const guarded = everywhere
  .map((resource) => [nameOf(resource), kindOf(resource), statementsOf(resource)] as const)
  .filter(([, , statements]) => statements.some(({ principals }) => principals !== undefined));

function nameOf(resource: KubernetesObject): string {
  return `${kindOf(resource)}/${resource.metadata.name}`;
}

describe.each(guarded)('%s', (_, kind, statements) => {
  const resourceDecides = kind.endsWith('.kms');
  const calls = statements.flatMap(callsOf);
  const administrator = statementsIn({ Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] });

  it('lets in nobody of another account, whatever that account allows', () => {
    const principal = { role: `arn:aws:iam::${OTHER}:role/administrator`, account: OTHER };
    for (const call of calls) {
      const context = { ...call.context, 'kms:CallerAccount': OTHER };
      expect(
        decide({ ...call, context, principal }, { identity: administrator, resource: statements, resourceDecides }),
      ).not.toBe('allowed');
    }
  });

  it('lets in no service that nobody names, and none that comes for another account', () => {
    const services = statements.flatMap(({ principals }) =>
      typeof principals === 'object' ? (principals['Service'] ?? []) : [],
    );
    for (const call of calls) {
      const strange = decide({ ...call, principal: { service: 'codebuild.amazonaws.com' } }, { resource: statements });
      expect(strange).not.toBe('allowed');
      const context = Object.fromEntries(
        Object.entries(call.context ?? {}).map(
          ([key, value]) => [key, String(value).replaceAll(ACCOUNT, OTHER)] as const,
        ),
      );
      for (const service of services) {
        const before = decide({ ...call, principal: { service } }, { resource: statements });
        const after = decide({ ...call, principal: { service }, context }, { resource: statements });
        // A source that names no account, a bucket of ours, is told by its own name.
        const saysAccount = JSON.stringify(context) !== JSON.stringify(call.context);
        if (before === 'allowed') expect([saysAccount, after]).toEqual([true, 'allowed by no statement']);
      }
    }
  });
});

it('a bucket takes nothing that does not come by TLS, from nobody', () => {
  const policies = everywhere.filter((resource) => kindOf(resource) === 'BucketPolicy.s3');
  expect(policies.length).toBeGreaterThan(4);
  for (const policy of policies) {
    const resource = statementsOf(policy);
    const calls = resource.flatMap(callsOf);
    const principals = [
      { role: `arn:aws:iam::${ACCOUNT}:role/administrator`, account: ACCOUNT },
      { service: 'delivery.logs.amazonaws.com' },
    ];
    for (const principal of principals) {
      for (const call of calls) {
        const context = { ...call.context, 'aws:SecureTransport': 'false' };
        expect(decide({ ...call, context, principal }, { resource })).toBe('denied by a statement');
      }
    }
  }
});

describe('a policy of a role', () => {
  const policies = everywhere
    .map((resource) => [resource.metadata.name, statementsOf(resource)] as const)
    .filter(([, statements]) => statements.some(({ principals }) => principals === undefined));

  it.each(policies)('%s allows what it says, and nothing next to it', (_, identity) => {
    const principal = { role: `arn:aws:iam::${ACCOUNT}:role/any`, account: ACCOUNT };
    const calls = identity.filter(({ effect }) => effect === 'Allow').flatMap(callsOf);
    expect(calls.length).toBeGreaterThan(0);
    for (const call of calls) {
      expect(decide({ ...call, principal }, { identity })).toBe('allowed');
      const [service = ''] = call.action.split(':');
      const neighbours = [
        { ...call, action: `${service}:DeleteAll` },
        { ...call, resource: call.resource.replace(/[^:]+$/, 'not-ours') },
        { ...call, resource: call.resource.replaceAll(ACCOUNT, OTHER).replace(':::', ':::not-ours-') },
      ];
      expect(neighbours.filter((one) => decide({ ...one, principal }, { identity }) === 'allowed')).toEqual([]);
    }
  });
});
