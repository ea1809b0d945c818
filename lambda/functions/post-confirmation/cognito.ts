import {
  AdminAddUserToGroupCommand,
  type CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import type { AddToGroup } from './app.ts';

/** Groups of the user pool that the event names. */
export function groupOf(client: CognitoIdentityProviderClient): AddToGroup {
  return async ({ userPoolId, userName, group }) => {
    const input = { UserPoolId: userPoolId, Username: userName, GroupName: group };
    await client.send(new AdminAddUserToGroupCommand(input));
  };
}
