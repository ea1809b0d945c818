import { at, wanted } from '../resources.ts';
import { example } from '../example.ts';
import type { Rule } from '../rule.ts';

export const dynamodbRecovery: Rule = {
  id: 'OWL-DDB-002',
  title: 'A table can be taken back to any second',
  why: 'A wrong release or a wrong hand can spoil every item, and a daily backup loses a day',
  fix: 'Switch pointInTimeRecovery on',
  controls: ['DynamoDB.2'],
  kinds: ['Table.dynamodb'],
  check: (table) =>
    at(wanted(table), 'pointInTimeRecovery', 'enabled') === true ? undefined : 'its pointInTimeRecovery is not on',
  cases: {
    good: [{ resources: [example('Table.dynamodb', { pointInTimeRecovery: { enabled: true } })] }],
    bad: [
      { resources: [example('Table.dynamodb', {})] },
      { resources: [example('Table.dynamodb', { pointInTimeRecovery: { enabled: false } })] },
    ],
  },
};
