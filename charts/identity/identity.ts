import { identitySection } from '../../config/identity.ts';
import { defineComposite } from '../../crossplane/definition/definition.ts';
import { RoleGroups } from './groups.ts';
import { IdentityPool } from './identity-pool.ts';
import { SignInPage } from './sign-in-page.ts';
import { RiskAnswers } from './threats.ts';
import { Users } from './user-pool.ts';
import { WebClient } from './web-client.ts';

/** Who people are: the user pool with its groups, client and sign-in page, and the identity pool. */
export const Identity = defineComposite({
  kind: 'Identity',
  plural: 'identities',
  shortNames: ['owlidentity'],
  description: 'Sign-in of users: the user pool, its groups and client, and the identity pool.',
  schema: identitySection,
  outputs: {
    userPoolId: 'Id of the user pool.',
    userPoolArn: 'ARN of the user pool.',
    userPoolClientId: "Id of the user pool's client for the application.",
    issuer: 'Issuer (iss) of the tokens: the URL below which their public keys are.',
    identityPoolId: 'Id of the identity pool.',
  },
  stateful: true,
  chart: (chart, { spec: settings, context: { region } }) => {
    const users = new Users(chart, 'users', { settings });
    new RoleGroups(chart, 'groups', { users });
    const web = new WebClient(chart, 'web', { users, settings });
    new SignInPage(chart, 'sign-in', { users });
    if (settings.threatProtection === 'enforced') new RiskAnswers(chart, 'risks', { users });
    const providerName = `cognito-idp.${region}.amazonaws.com/${users.id}`;
    const identities = new IdentityPool(chart, 'identities', { clientId: web.id, providerName });
    return {
      userPoolId: users.id,
      userPoolArn: users.arn,
      userPoolClientId: web.id,
      issuer: `https://${providerName}`,
      identityPoolId: identities.id,
    };
  },
});
