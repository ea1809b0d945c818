import { Construct } from 'constructs';
import { about } from '../../crossplane/definition/about.ts';
import { guardsData } from '../../crossplane/reference/marks.ts';
import * as cognitoidp from '../../imports/cognitoidp.ts';
import type { Users } from './user-pool.ts';

/** What the pool does about risky sign-ins, where threat protection is enforced: without it AWS would only count them. */
export class RiskAnswers extends Construct {
  constructor(scope: Construct, id: string, { users }: { readonly users: Users }) {
    super(scope, id);
    about(this, { config: 'identity.threatProtection', component: 'identity', partOf: users.pool });
    // Mails about it need a mail identity.
    const action = (eventAction: string) => ({ eventAction, notify: false });
    const risks = new cognitoidp.RiskConfiguration(this, 'configuration', {
      why: 'Asks for the second factor at a risky sign-in, and refuses stolen passwords',
      forProvider: {
        userPoolId: users.id,
        accountTakeoverRiskConfiguration: {
          actions: {
            lowAction: action('MFA_IF_CONFIGURED'),
            mediumAction: action('MFA_IF_CONFIGURED'),
            // Whoever has no second factor does not get in.
            highAction: action('MFA_REQUIRED'),
          },
        },
        compromisedCredentialsRiskConfiguration: {
          actions: { eventAction: 'BLOCK' },
          eventFilter: ['PASSWORD_CHANGE', 'SIGN_IN', 'SIGN_UP'],
        },
      },
    });
    guardsData(risks);
  }
}
