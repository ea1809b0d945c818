import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { functions } from '../../contract/functions.ts';
import { cognitoIdentity } from '../clients/cognito.ts';
import { clientSettings } from '../clients/settings.ts';
import { realDependencies } from '../rest/real.ts';
import { createAuth } from './app.ts';

const environment = functions.auth.environment.parse(process.env);
const client = new CognitoIdentityProviderClient(clientSettings);

/** What Lambda calls. */
export const handler = createAuth({
  ...realDependencies('auth', environment),
  identity: cognitoIdentity(client, {
    clientId: environment.USER_POOL_CLIENT_ID,
    userPoolId: environment.USER_POOL_ID,
  }),
  release: environment.RELEASE,
});
