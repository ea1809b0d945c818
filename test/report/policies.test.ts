import { expect, it } from '@jest/globals';
import { policyFiles } from '../../report/policies.ts';

const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: 's3:*', Resource: '*' }] };

/** The files of one resource whose `forProvider` is as given. */
function filesOf(forProvider: Parameters<typeof policyFiles>[0][number]['spec']) {
  return policyFiles(
    [
      {
        apiVersion: 'iam.aws.m.upbound.io/v1beta1',
        kind: 'Role',
        metadata: { name: 'a-role' },
        spec: { forProvider: forProvider ?? {} },
      },
    ],
    'policies',
  );
}

it('a policy document is written indented, wherever it stands in a resource', () => {
  const text = JSON.stringify(policy);
  const files = filesOf({ assumeRolePolicy: text, inlinePolicy: [{ name: 'logs', policy: text }] });
  const indented = `${JSON.stringify(policy, undefined, 2)}\n`;
  expect(files).toEqual([
    { path: 'policies/a-role.assumeRolePolicy.json', text: indented },
    { path: 'policies/a-role.inlinePolicy.0.policy.json', text: indented },
  ]);
});

it('text that only begins like a document is none: a path, a template, JSON of another kind', () => {
  expect(filesOf({ path: '{proxy+}', template: '{"user": "$input"', body: '{"openapi":"3.0.1"}' })).toEqual([]);
});
