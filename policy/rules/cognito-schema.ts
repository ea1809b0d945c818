import type { JsonObject } from '../../imports/base.ts';
import { entries, wanted } from '../resources.ts';
import { example } from '../example.ts';
import type { Rule } from '../rule.ts';

const whole = {
  name: 'team',
  attributeDataType: 'String',
  developerOnlyAttribute: false,
  mutable: true,
  required: false,
  stringAttributeConstraints: { minLength: '0', maxLength: '50' },
};
const pool = (attribute: JsonObject) => [example('UserPool.cognitoidp', { schema: [attribute] })];

/** Each is filled in by AWS where it is left out. */
const FIELDS = ['name', 'attributeDataType', 'developerOnlyAttribute', 'mutable', 'required'];

/** What bounds the values of a type. */
const BOUNDS = [
  ['String', 'stringAttributeConstraints'],
  ['Number', 'numberAttributeConstraints'],
] as const;

export const cognitoSchema: Rule = {
  id: 'OWL-COGNITO-004',
  title: 'An attribute of users that a chart names is named with all its constraints',
  why: 'The provider refuses every update of the pool for ever, once AWS shows an attribute that differs from the chart',
  fix: 'Leave attributes of AWS out of schema, and say of an own one all that AWS would fill in',
  controls: [],
  kinds: ['UserPool.cognitoidp'],
  check: (resource) => {
    const loose = entries(wanted(resource)['schema']).filter((attribute) => {
      const bounds = BOUNDS.filter(([type]) => type === attribute['attributeDataType']).map(([, field]) => field);
      return [...FIELDS, ...bounds].some((field) => attribute[field] === undefined);
    });
    return loose.length === 0 ? undefined : `${loose.map(({ name }) => String(name)).join(', ')} leaves something open`;
  },
  cases: {
    good: [{ resources: [example('UserPool.cognitoidp', {})] }, { resources: pool(whole) }],
    bad: Object.keys(whole).map((left) => ({
      resources: pool(Object.fromEntries(Object.entries(whole).filter(([field]) => field !== left))),
    })),
  },
};
