import type { ServiceFacts } from './facts.ts';

/** Identities cost nothing. */
export const cognitoidentity: ServiceFacts = {
  Pool: {
    shape: {
      externalName: (made, { region }) => `${String(region)}:${made.uuid()}`,
      // Source: Service Authorization Reference, "Resource types defined by Amazon Cognito Identity".
      atProvider: ({ name, account, region }) => ({
        id: name,
        arn: `arn:aws:cognito-identity:${region}:${account}:identitypool/${name}`,
      }),
    },
    // Amazon Cognito Federated Identities API Reference, DeleteIdentityPool: roles are a setting of their pool.
    partsNameItBy: 'identityPoolId',
    charges: 'nothing',
  },
  PoolRolesAttachment: { charges: 'nothing' },
};
