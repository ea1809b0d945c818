import { Construct } from 'constructs';
import { about } from '../../crossplane/definition/about.ts';
import { contextOf, nameInAws } from '../../crossplane/definition/chart.ts';
import { holdsData } from '../../crossplane/reference/marks.ts';
import { observed } from '../../crossplane/reference/observed.ts';
import * as cognitoidentity from '../../imports/cognitoidentity.ts';
import * as iam from '../../imports/iam.ts';
import { arnOf } from '../constructs/arns.ts';
import { awsName } from '../constructs/naming.ts';
import { assumableBy, policyText, type Grantee } from '../constructs/policy.ts';

interface IdentityPoolProps {
  readonly clientId: string;
  /** The pool as a provider of identities: `cognito-idp.<region>.amazonaws.com/<pool>`. */
  readonly providerName: string;
}

/**
 * Gives signed-in users credentials of AWS, of a role that may do nothing: a feature that needs a permission declares it.
 * Nobody gets any without having signed in.
 */
export class IdentityPool extends Construct {
  /** Known once the pool exists. */
  readonly id: string;

  constructor(scope: Construct, id: string, { clientId, providerName }: IdentityPoolProps) {
    super(scope, id);
    about(this, { config: 'identity', component: 'identity' });
    const pool = new cognitoidentity.Pool(this, 'pool', {
      why: 'Turns the token of a signed-in user into credentials of AWS',
      forProvider: {
        identityPoolName: awsName(this, 'users'),
        allowUnauthenticatedIdentities: false,
        // The older flow lets a client choose the role.
        allowClassicFlow: false,
        // Asks the user pool, so that a token that was revoked gives nothing.
        cognitoIdentityProviders: [{ clientId, providerName, serverSideTokenCheck: true }],
      },
    });
    // Another pool gives every user another identity.
    holdsData(pool);
    this.id = observed(pool, (status) => status.atProvider.id);
    const role = new iam.Role(this, 'role', {
      why: 'What signed-in users act as in AWS; it can do nothing',
      name: awsName(this, 'signed-in'),
      forProvider: {
        description: `Signed-in users of ${contextOf(this).environment}`,
        assumeRolePolicy: policyText([assumableBy('SignedIn', signedInTo(this.id), 'sts:AssumeRoleWithWebIdentity')]),
      },
    });
    new cognitoidentity.PoolRolesAttachment(this, 'roles', {
      why: 'Says that signed-in users act as this role',
      partOf: pool,
      after: [role],
      forProvider: {
        identityPoolId: this.id,
        roles: { authenticated: arnOf(this, 'iam:role', { RoleNameWithPath: nameInAws(role) }) },
      },
    });
  }
}

/** Source: Amazon Cognito Developer Guide, "Role trust and permissions". */
function signedInTo(identityPoolId: string): Grantee {
  return {
    principal: { Federated: 'cognito-identity.amazonaws.com' },
    condition: {
      StringEquals: { 'cognito-identity.amazonaws.com:aud': identityPoolId },
      'ForAnyValue:StringLike': { 'cognito-identity.amazonaws.com:amr': 'authenticated' },
    },
  };
}
