import { entries, wanted } from '../resources.ts';
import { example } from '../example.ts';
import type { Rule } from '../rule.ts';

const table = (own: boolean, replica: boolean) =>
  example('Table.dynamodb', {
    deletionProtectionEnabled: own,
    replica: [{ regionName: 'ap-northeast-3', deletionProtectionEnabled: replica }],
  });

export const dynamodbDeletion: Rule = {
  id: 'OWL-DDB-003',
  title: 'AWS refuses to delete a table and its replicas, where the environment protects its data',
  why: 'A deletion by another hand cannot be taken back',
  fix: 'Set deletionProtectionEnabled, on each replica too',
  controls: ['DynamoDB.6'],
  kinds: ['Table.dynamodb'],
  check: (resource, { protectsData }) => {
    if (!protectsData) return undefined;
    const { deletionProtectionEnabled, replica } = wanted(resource);
    const loose = [
      ...(deletionProtectionEnabled === true ? [] : ['the table']),
      ...entries(replica)
        .filter((one) => one['deletionProtectionEnabled'] !== true)
        .map((one) => `the replica in ${String(one['regionName'])}`),
    ];
    return loose.length === 0 ? undefined : `it would delete ${loose.join(' and ')}`;
  },
  cases: {
    good: [{ resources: [table(true, true)] }, { resources: [table(false, false)], protectsData: false }],
    bad: [
      { resources: [table(false, true)] },
      { resources: [table(true, false)] },
      { resources: [example('Table.dynamodb', {})] },
    ],
  },
};
