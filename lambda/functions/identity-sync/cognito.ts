import {
  AdminAddUserToGroupCommand,
  AdminDeleteUserCommand,
  AdminRemoveUserFromGroupCommand,
  AdminUserGlobalSignOutCommand,
  UserNotFoundException,
  type CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import { ROLES } from '../../contract/entities/index.ts';
import type { Directory } from './app.ts';

/** The user pool; its groups have the names of the roles. */
export function cognitoDirectory(client: CognitoIdentityProviderClient, userPoolId: string): Directory {
  const of = (userId: string): { UserPoolId: string; Username: string } => ({
    UserPoolId: userPoolId,
    Username: userId,
  });

  return {
    setRole: (userId, role) =>
      ifThere(async () => {
        // First the new group: a token that is made in between has one role too many rather than none.
        if (role !== undefined) {
          await client.send(new AdminAddUserToGroupCommand({ ...of(userId), GroupName: role }));
        }
        for (const GroupName of ROLES.filter((name) => name !== role)) {
          await client.send(new AdminRemoveUserFromGroupCommand({ ...of(userId), GroupName }));
        }
      }),
    signOut: (userId) => ifThere(() => client.send(new AdminUserGlobalSignOutCommand(of(userId)))),
    remove: (userId) => ifThere(() => client.send(new AdminDeleteUserCommand(of(userId)))),
  };
}

async function ifThere(call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (!(error instanceof UserNotFoundException)) throw error;
  }
}
