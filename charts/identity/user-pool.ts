import { Construct } from 'constructs';
import type { IdentitySection } from '../../config/identity.ts';
import { about } from '../../crossplane/definition/about.ts';
import { contextOf } from '../../crossplane/definition/chart.ts';
import { holdsData } from '../../crossplane/reference/marks.ts';
import { observed } from '../../crossplane/reference/observed.ts';
import * as cognitoidp from '../../imports/cognitoidp.ts';
import { functionArn } from '../constructs/arns.ts';
import { awsName } from '../constructs/naming.ts';
import { dataTags } from '../constructs/tags.ts';
import { invitation, verification } from './messages.ts';

/** Days that the password in an invitation can be used. Security Hub's control Cognito.3 takes seven at most. */
const INVITATION_DAYS = 3;

/** Characters of the shortest password; the other rules of the policy alone would let short ones through. */
const PASSWORD_LENGTH = 12;

/** Old passwords that nobody may take again. */
const PASSWORD_HISTORY = 5;

interface UsersProps {
  readonly settings: IdentitySection;
}

/** The user pool: who signs in, by e-mail address and password, and a second factor from an app. */
export class Users extends Construct {
  readonly pool: cognitoidp.UserPool;
  /** Known once the pool exists, as its ARN is. */
  readonly id: string;
  readonly arn: string;

  constructor(scope: Construct, id: string, { settings }: UsersProps) {
    super(scope, id);
    about(this, { config: 'identity', component: 'identity' });
    const { protectData } = contextOf(this);
    this.pool = new cognitoidp.UserPool(this, 'pool', {
      why: 'Keeps who can sign in: addresses, passwords, second factors',
      tags: dataTags(this, 'personal'),
      forProvider: {
        name: awsName(this, 'users'),
        deletionProtection: protectData ? 'ACTIVE' : 'INACTIVE',
        userPoolTier: settings.plan.toUpperCase(),
        ...signIn(settings),
        ...secondFactor(settings),
        // No attribute of our own, and none that is said to be required: the provider refuses for ever any difference to
        // what AWS adds to a schema. Who may do what stands in the table, where no client can write it.
        autoVerifiedAttributes: ['email'],
        userAttributeUpdateSettings: { attributesRequireVerificationBeforeUpdate: ['email'] },
        adminCreateUserConfig: { allowAdminCreateUserOnly: false, inviteMessageTemplate: invitation },
        verificationMessageTemplate: verification,
        // Until the layer Domain gives a mail identity.
        emailConfiguration: { emailSendingAccount: 'COGNITO_DEFAULT' },
        // Computed, since the function needs the pool: each would wait for the other.
        lambdaConfig: { postConfirmation: functionArn(this, 'post-confirmation') },
      },
    });
    holdsData(this.pool, { deletionProtection: 'INACTIVE' });
    this.id = observed(this.pool, (status) => status.atProvider.id);
    this.arn = observed(this.pool, (status) => status.atProvider.arn);
  }
}

/** By the address, whatever its case, and a password that is hard to guess. */
function signIn({ threatProtection }: IdentitySection): Partial<cognitoidp.UserPoolForProvider> {
  return {
    usernameAttributes: ['email'],
    usernameConfiguration: { caseSensitive: false },
    signInPolicy: { allowedFirstAuthFactors: ['PASSWORD'] },
    passwordPolicy: {
      minimumLength: PASSWORD_LENGTH,
      requireLowercase: true,
      requireUppercase: true,
      requireNumbers: true,
      requireSymbols: true,
      passwordHistorySize: PASSWORD_HISTORY,
      temporaryPasswordValidityDays: INVITATION_DAYS,
    },
    accountRecoverySetting: { recoveryMechanism: [{ name: 'verified_email', priority: 1 }] },
    // Off is said, too: the provider leaves in AWS what is no longer said.
    userPoolAddOns: {
      advancedSecurityMode: threatProtection.toUpperCase(),
      // For a sign-in in steps of our own, should there be one; it has no word for off.
      ...(threatProtection === 'off'
        ? {}
        : { advancedSecurityAdditionalFlows: { customAuthMode: threatProtection.toUpperCase() } }),
    },
  };
}

/** From an app only: messages to telephones cost, and telephone numbers are stolen. */
function secondFactor({ mfa }: IdentitySection): Partial<cognitoidp.UserPoolForProvider> {
  return {
    mfaConfiguration: mfa === 'required' ? 'ON' : 'OPTIONAL',
    softwareTokenMfaConfiguration: { enabled: true },
  };
}
