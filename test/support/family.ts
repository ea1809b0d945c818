import { ChildComposite } from '../../crossplane/definition/child.ts';
import type { CompositeKind } from '../../crossplane/definition/definition.ts';
import { holdsData, moved } from '../../crossplane/reference/marks.ts';
import { observed } from '../../crossplane/reference/observed.ts';
import { Deployment, RestAPI, Stage } from '../../imports/apigateway.ts';
import { Table } from '../../imports/dynamodb.ts';
import { Policy } from '../../imports/iam.ts';
import { Key } from '../../imports/kms.ts';
import { Topic } from '../../imports/sns.ts';
import { testKind, type TestSpec } from './world.ts';

const listed = (spec: TestSpec, key: string): readonly string[] =>
  (spec.values?.[key] ?? '').split(' ').filter(Boolean);

/**
 * A small world for the laws: a parent with two layers. Left holds data (a key, tables); Right names what Left gives:
 * topics with its key, a policy whose JSON names a table, an API with a deployment that is replaced by generations.
 *
 * Release 2 renames the key's construct (declared as a move), renames the policy's (not declared: it holds no data),
 * adds a topic and a field.
 */
export function family(release: 1 | 2): readonly [CompositeKind, ...CompositeKind[]] {
  const later = release === 2;
  const Left = testKind(
    'Left',
    (chart, { spec, context }) => {
      const key = new Key(chart, later ? 'master' : 'key', {
        why: 'For a test',

        forProvider: { description: spec.values?.['text'] ?? 'text', ...(later ? { enableKeyRotation: true } : {}) },
      });
      holdsData(key);
      if (later) moved(key, { name: `${chart.node.id}-key` });
      const keyArn = observed(key, (status) => status.atProvider.arn);
      for (const name of listed(spec, 'tables')) {
        const table = new Table(chart, `table-${name}`, {
          why: 'For a test',
          name: `table-${name}`,

          forProvider: {
            hashKey: 'PK',
            attribute: [{ name: 'PK', type: 'S' }],
            billingMode: 'PAY_PER_REQUEST',
            serverSideEncryption: { enabled: true, kmsKeyArn: keyArn },
            deletionProtectionEnabled: context.protectData,
          },
        });
        holdsData(table, { deletionProtectionEnabled: false });
      }
      return { keyArn };
    },
    { outputs: ['keyArn'], stateful: true },
  );
  const Right = testKind(
    'Right',
    (chart, composite) => {
      const { spec } = composite;
      const topics = [...listed(spec, 'topics'), ...(later ? ['extra'] : [])];
      const made = topics.map(
        (name) =>
          new Topic(chart, `topic-${name}`, {
            why: 'For a test',
            name: `topic-${name}`,
            forProvider: { kmsMasterKeyId: composite.input('keyArn') },
          }),
      );
      const arns = made.map((topic) => observed(topic, (status) => status.atProvider.arn));
      const policy = new Policy(chart, later ? 'rules' : 'policy', {
        why: 'For a test',
        name: 'policy',

        forProvider: { policy: JSON.stringify({ Statement: [{ Resource: [...arns, composite.input('keyArn')] }] }) },
      });
      const api = new RestAPI(chart, 'api', { why: 'For a test', forProvider: { name: 'api' } });
      api.addDependency(policy);
      const restApiId = observed(api, (status) => status.atProvider.id);
      const deployment = new Deployment(chart, 'deployment', {
        why: 'For a test',
        forProvider: { restApiId, triggers: { body: spec.values?.['body'] ?? 'one' } },
      });
      new Stage(chart, 'stage', {
        why: 'For a test',
        name: 'api/v1',

        forProvider: {
          restApiId,
          stageName: 'v1',
          deploymentId: observed(deployment, (status) => status.atProvider.id),
        },
      });
      return { apiId: restApiId };
    },
    { inputs: ['keyArn'], outputs: ['apiId'] },
  );
  const Parent = testKind(
    'Parent',
    (chart, { spec }) => {
      const left = new ChildComposite(chart, 'left', Left, { why: 'For a test', spec });
      const right = new ChildComposite(chart, 'right', Right, {
        why: 'For a test',
        spec,
        inputs: { keyArn: left.output('keyArn') },
      });
      return { apiId: right.output('apiId') };
    },
    { outputs: ['apiId'], stateful: true },
  );
  return [Parent, Left, Right];
}
