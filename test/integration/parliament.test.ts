/** Others' linter reads every policy that the layers write: what it does not know, AWS may refuse. */
import { expect, it } from '@jest/globals';
import { kindOf, wanted } from '../../policy/resources.ts';
import { statementsIn } from '../../policy/statements.ts';
import type { Json } from '../../imports/base.ts';
import { layers } from '../charts/layers.ts';
import { layerAtRest } from '../support/layer.ts';
import { installParliament, lintPolicies, type ParliamentFinding } from './harness/parliament.ts';

const python = await installParliament();

/** What parliament says and AWS's own guides do not. */
const EXCEPTIONS: readonly { readonly issue: string; readonly kinds: RegExp; readonly why: string }[] = [
  { issue: 'RESOURCE_STAR', kinds: /^(Replica)?Key\.kms$/, why: 'In the policy of a key, * is that key.' },
  { issue: 'MALFORMED', kinds: /^Role\.iam$/, why: 'A trust policy names no resource: it is about its role.' },
  {
    issue: 'MISMATCHED_TYPE',
    kinds: /^Key\.kms$/,
    why: 'The CloudWatch Logs User Guide compares the encryption context of log groups by ArnLike.',
  },
  {
    issue: 'UNKNOWN_CONDITION_FOR_ACTION',
    kinds: /^Key\.kms$/,
    why: 'In the statement of the CloudWatch Logs User Guide, DescribeKey stands beside calls that have a context.',
  },
];

/** Every text in what is wanted of a resource that is a policy document. */
function policiesIn(value: Json): readonly string[] {
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(policiesIn);
  if (typeof value !== 'string' || !value.startsWith('{')) return [];
  return statementsIn(JSON.parse(value)).length === 0 ? [] : [value];
}

/** By kind, name and number. */
const policies = Object.fromEntries(
  Object.values(layers)
    .flatMap(({ rendered }) => layerAtRest(rendered, rendered.everything).rendered.resources)
    .flatMap((resource) =>
      policiesIn(wanted(resource)).map(
        (text, index) => [`${kindOf(resource)} ${resource.metadata.name} ${index}`, text] as const,
      ),
    ),
);

it('has nothing to say of the policies of all layers, and every exception is needed', async () => {
  expect(Object.keys(policies).length).toBeGreaterThan(10);
  const found = await lintPolicies(python, policies);
  const excepted = (finding: ParliamentFinding) =>
    EXCEPTIONS.find(({ issue, kinds }) => issue === finding.issue && kinds.test(finding.policy.split(' ')[0] ?? ''));
  expect(found.filter((finding) => excepted(finding) === undefined)).toEqual([]);
  expect(EXCEPTIONS.filter((one) => !found.some((finding) => excepted(finding) === one))).toEqual([]);
});

it('speaks of an action that AWS does not have', async () => {
  const text = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 's3:GetObjekt', Resource: 'arn:aws:s3:::a/b' }],
  });
  expect(await lintPolicies(python, { wrong: text })).toMatchObject([{ policy: 'wrong', issue: 'UNKNOWN_ACTION' }]);
});
