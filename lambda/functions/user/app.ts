import { userOperations } from '../../contract/operations/index.ts';
import type { Directory } from '../clients/identity-provider.ts';
import { restHandler, type RestHandler } from '../rest/adapter.ts';
import type { PagingDependencies } from '../rest/dependencies.ts';
import { accountHandlers } from './account.ts';
import { profileHandlers } from './profiles.ts';
import { roleHandlers } from './roles.ts';

export interface UserDependencies extends PagingDependencies {
  readonly directory: Directory;
}

/** The function `user`. */
export function createUser(dependencies: UserDependencies): RestHandler {
  return restHandler(
    userOperations,
    { ...accountHandlers(dependencies), ...profileHandlers(dependencies), ...roleHandlers(dependencies) },
    dependencies,
  );
}
