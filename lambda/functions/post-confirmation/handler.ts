import { randomInt } from 'node:crypto';
import { AdminAddUserToGroupCommand, CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { functions } from '../../contract/functions.ts';
import { clientConfig, runtimeOf } from '../shared/runtime.ts';
import { tableStores } from '../shared/stores.ts';
import { createPostConfirmation } from './app.ts';

const environment = functions['post-confirmation'].environment.parse(process.env);
const { now, observed } = runtimeOf('post-confirmation', environment);
const client = new CognitoIdentityProviderClient(clientConfig);

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

export const handler = observed(
  createPostConfirmation({
    users: tableStores(environment.TABLE_NAME).users,
    addToGroup: async ({ userPoolId, userName, group }) => {
      const input = { UserPoolId: userPoolId, Username: userName, GroupName: group };
      await client.send(new AdminAddUserToGroupCommand(input));
    },
    now,
    letters: () => Array.from({ length: 6 }, () => LETTERS.charAt(randomInt(LETTERS.length))).join(''),
  }),
);
