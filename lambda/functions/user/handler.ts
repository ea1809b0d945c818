import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { KMSClient } from '@aws-sdk/client-kms';
import { functions } from '../../contract/functions.ts';
import { cognitoDirectory } from '../clients/cognito.ts';
import { kmsSigner } from '../clients/kms.ts';
import { clientSettings } from '../clients/settings.ts';
import { realDependencies } from '../rest/real.ts';
import { createUser } from './app.ts';

const environment = functions.user.environment.parse(process.env);

/** What Lambda calls. */
export const handler = createUser({
  ...realDependencies('user', environment),
  signer: kmsSigner(new KMSClient(clientSettings), environment.CURSOR_KEY_ID),
  directory: cognitoDirectory(new CognitoIdentityProviderClient(clientSettings), environment.USER_POOL_ID),
});
