import { Construct } from 'constructs';
import { about } from '../../crossplane/definition/about.ts';
import * as cognitoidp from '../../imports/cognitoidp.ts';
import { signInPrefix } from '../constructs/naming.ts';
import type { Users } from './user-pool.ts';

/** Cognito's own pages to sign in, below a name of AWS. */
export class SignInPage extends Construct {
  constructor(scope: Construct, id: string, { users }: { readonly users: Users }) {
    super(scope, id);
    about(this, { config: 'identity', component: 'identity', partOf: users.pool });
    new cognitoidp.UserPoolDomain(this, 'domain', {
      why: 'The address of the sign-in pages, for the code flow',
      forProvider: {
        userPoolId: users.id,
        domain: signInPrefix(this, 'users'),
        // The older pages: the newer ones show nothing without a branding, for which the provider has no kind.
        managedLoginVersion: 1,
      },
    });
  }
}
