import { Construct } from 'constructs';
import { about } from '../../crossplane/definition/about.ts';
import { contextOf } from '../../crossplane/definition/chart.ts';
import { holdsData } from '../../crossplane/reference/marks.ts';
import * as cognitoidp from '../../imports/cognitoidp.ts';
import { ROLES } from '../../lambda/contract/entities/index.ts';
import type { Users } from './user-pool.ts';

/** What each role may do beside what the one before may; `ROLES` has them in this order. */
const MAY: Readonly<Record<(typeof ROLES)[number], string>> = {
  viewer: 'read, react, follow, report',
  contributor: 'post',
  creator: 'own discussions',
  admin: 'everything',
};

/**
 * A group for each role, so that a token says it. The truth about a role is in the table; a consumer copies it here. Who is
 * in a group is gone with it, and comes again only when a role changes: it holds data.
 */
export class RoleGroups extends Construct {
  constructor(scope: Construct, id: string, { users }: { readonly users: Users }) {
    super(scope, id);
    about(this, { config: 'identity', component: 'identity', partOf: users.pool });
    const { environment } = contextOf(this);
    for (const [index, role] of ROLES.entries()) {
      const group = new cognitoidp.UserGroup(this, role, {
        why: `Says in a token that somebody is ${role}`,
        forProvider: {
          userPoolId: users.id,
          name: role,
          description: `OwlNest ${environment}: may ${MAY[role]}`,
          // The lowest number goes first, and the highest role.
          precedence: ROLES.length - index,
        },
      });
      holdsData(group);
    }
  }
}
