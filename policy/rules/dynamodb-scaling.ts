import type { JsonObject, KubernetesObject } from '../../imports/base.ts';
import { all, at, awsNameOf, entries, wanted } from '../resources.ts';
import { example } from '../example.ts';
import type { Rendered, Rule } from '../rule.ts';

const provisioned = example('Table.dynamodb', {
  billingMode: 'PROVISIONED',
  globalSecondaryIndex: [{ name: 'GSI1' }],
});
const scaled = (kind: 'Target' | 'Policy', index: boolean, way: 'Read' | 'Write') =>
  example(`${kind}.appautoscaling`, {
    resourceId: `table/example${index ? '/index/GSI1' : ''}`,
    scalableDimension: `dynamodb:${index ? 'index' : 'table'}:${way}CapacityUnits`,
  });
const everything = (['Target', 'Policy'] as const).flatMap((kind) =>
  [true, false].flatMap((index) => (['Read', 'Write'] as const).map((way) => scaled(kind, index, way))),
);

export const dynamodbScaling: Rule = {
  id: 'OWL-DDB-001',
  title: 'A table scales with demand',
  why: 'At the end of its capacity a table refuses reads and writes',
  fix: 'Pay by request, or give reads and writes of the table and of each index a Target and a Policy',
  controls: ['DynamoDB.1'],
  kinds: ['Table.dynamodb'],
  check: (table, rendered) => {
    const { billingMode, globalSecondaryIndex } = wanted(table);
    if (billingMode === 'PAY_PER_REQUEST') return undefined;
    const name = awsNameOf(table) ?? '';
    const parts = [undefined, ...entries(globalSecondaryIndex).map((index) => String(at(index, 'name')))];
    const fixed = parts.flatMap((index) =>
      ['Read', 'Write']
        .filter((way) => !scales(rendered, `table/${name}${index === undefined ? '' : `/index/${index}`}`, way))
        .map((way) => `${way.toLowerCase()}s of ${index ?? 'the table'}`),
    );
    return fixed.length === 0 ? undefined : `the capacity for ${fixed.join(', ')} is fixed`;
  },
  cases: {
    good: [
      { resources: [example('Table.dynamodb', { billingMode: 'PAY_PER_REQUEST' })] },
      { resources: [provisioned, ...everything] },
    ],
    bad: [
      { resources: [provisioned] },
      ...everything.map((_, left) => ({ resources: [provisioned, ...everything.filter((__, at) => at !== left)] })),
    ],
  },
};

function scales(rendered: Rendered, resourceId: string, way: string): boolean {
  const isIts = (fields: JsonObject) =>
    fields['resourceId'] === resourceId && String(fields['scalableDimension']).endsWith(`:${way}CapacityUnits`);
  const has = (kind: string) => all(rendered, kind).some((resource: KubernetesObject) => isIts(wanted(resource)));
  return has('Target.appautoscaling') && has('Policy.appautoscaling');
}
