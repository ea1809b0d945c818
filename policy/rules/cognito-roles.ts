import { all, wanted } from '../resources.ts';
import { example } from '../example.ts';
import type { Rule } from '../rule.ts';

const roles = (awsName: string, identityPoolId: string) =>
  example('PoolRolesAttachment.cognitoidentity', { identityPoolId, roles: {} }, awsName);

export const cognitoRoles: Rule = {
  id: 'OWL-COGNITO-008',
  title: 'The roles of an identity pool stand in one place',
  why: 'AWS keeps one list of them for each pool: two resources undo each other again and again',
  fix: 'Put all of them into one PoolRolesAttachment',
  controls: [],
  kinds: ['PoolRolesAttachment.cognitoidentity'],
  check: (resource, rendered) => {
    const { identityPoolId } = wanted(resource);
    const same = all(rendered, 'PoolRolesAttachment.cognitoidentity').filter(
      (one) => wanted(one)['identityPoolId'] === identityPoolId,
    );
    return same.length === 1 ? undefined : `${same.length} resources say them`;
  },
  cases: {
    good: [{ resources: [roles('one', 'a'), roles('other', 'b')] }],
    bad: [{ resources: [roles('one', 'a'), roles('other', 'a')] }],
  },
};
