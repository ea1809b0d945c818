import { at, wanted } from '../resources.ts';
import { example } from '../example.ts';
import type { Rule } from '../rule.ts';

const KEYS = ['application', 'environment', 'component'];

const tags = { application: 'owlnest', environment: 'production', component: 'table' };

export const taggedAll: Rule = {
  id: 'OWL-TAG-001',
  title: 'What can have tags says to which application, environment and component it belongs',
  why: 'The bill and the account show nothing else by which it could be told apart',
  fix: 'Give it the tags application, environment and component',
  controls: ['DynamoDB.5', 'IAM.24'],
  check: (resource, { schemas }) => {
    const forProvider = schemas.find(resource)?.schema.properties?.['spec']?.properties?.['forProvider'];
    if (forProvider?.properties?.['tags'] === undefined) return undefined;
    const missing = KEYS.filter((key) => typeof at(wanted(resource), 'tags', key) !== 'string');
    return missing.length === 0 ? undefined : `it has no tag ${missing.join(', ')}`;
  },
  cases: {
    good: [{ resources: [example('Table.dynamodb', { tags })] }, { resources: [example('RolePolicy.iam', {})] }],
    bad: [
      { resources: [example('Table.dynamodb', {})] },
      ...KEYS.map((left) => ({
        resources: [
          example('Table.dynamodb', { tags: Object.fromEntries(Object.entries(tags).filter(([key]) => key !== left)) }),
        ],
      })),
    ],
  },
};
