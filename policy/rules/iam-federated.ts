import { statementsOf } from '../statements.ts';
import { document, example } from '../example.ts';
import type { JsonObject } from '../../imports/base.ts';
import type { Rule } from '../rule.ts';

const role = (Condition: JsonObject) => [
  example('Role.iam', {
    assumeRolePolicy: document({
      Sid: 'SignedIn',
      Effect: 'Allow',
      Principal: { Federated: 'cognito-identity.amazonaws.com' },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition,
    }),
  }),
];

const AUDIENCE = 'cognito-identity.amazonaws.com:aud';
const METHODS = 'cognito-identity.amazonaws.com:amr';

const ofPool = { StringEquals: { [AUDIENCE]: 'ap-northeast-1:example' } };
const signedIn = { 'ForAnyValue:StringLike': { [METHODS]: 'authenticated' } };

export const iamFederated: Rule = {
  id: 'OWL-IAM-004',
  title: 'A role for users of Cognito is for those of one identity pool who have signed in',
  why: 'Anybody can make an identity pool in an account of his own, and its users would take the role',
  fix: `Add conditions on ${AUDIENCE}, and on ${METHODS} being authenticated`,
  controls: [],
  kinds: ['Role.iam'],
  check: (resource) => {
    const open = statementsOf(resource).filter(({ effect, principals, conditions }) => {
      if (effect !== 'Allow' || typeof principals !== 'object' || principals['Federated'] === undefined) return false;
      const pool = conditions['StringEquals']?.[AUDIENCE];
      const methods = conditions['ForAnyValue:StringLike']?.[METHODS];
      return typeof pool !== 'string' || pool === '' || methods !== 'authenticated';
    });
    return open.length === 0 ? undefined : `${open.map(({ sid }) => sid).join(', ')} lets others in`;
  },
  cases: {
    good: [{ resources: role({ ...ofPool, ...signedIn }) }],
    bad: [
      { resources: role({}) },
      { resources: role(ofPool) },
      { resources: role(signedIn) },
      { resources: role({ ...ofPool, 'ForAnyValue:StringLike': { [METHODS]: 'unauthenticated' } }) },
    ],
  },
};
