import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { functions } from '../../contract/functions.ts';
import { clientSettings } from '../clients/settings.ts';
import { tableStores } from '../clients/table.ts';
import { runtimeOf } from '../shared/runtime.ts';
import { createIdentitySync } from './app.ts';
import { cognitoDirectory } from './cognito.ts';

const environment = functions['identity-sync'].environment.parse(process.env);
const { now, log, observed } = runtimeOf('identity-sync', environment);
const client = new CognitoIdentityProviderClient(clientSettings);

export const handler = observed(
  createIdentitySync({
    stores: tableStores(environment.TABLE_NAME),
    directory: cognitoDirectory(client, environment.USER_POOL_ID),
    now,
    log,
  }),
);
