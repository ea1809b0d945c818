import { randomBytes } from 'node:crypto';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { functions } from '../../contract/functions.ts';
import { clientSettings } from '../clients/settings.ts';
import { tableStores } from '../clients/table.ts';
import { runtimeOf } from '../shared/runtime.ts';
import { createPostConfirmation } from './app.ts';
import { groupOf } from './cognito.ts';

const environment = functions['post-confirmation'].environment.parse(process.env);
const { now, observed } = runtimeOf('post-confirmation', environment);
const client = new CognitoIdentityProviderClient(clientSettings);

export const handler = observed(
  createPostConfirmation({
    users: tableStores(environment.TABLE_NAME).users,
    addToGroup: groupOf(client),
    now,
    random: randomBytes,
  }),
);
