import { Construct } from 'constructs';
import type { IdentitySection } from '../../config/identity.ts';
import { about } from '../../crossplane/definition/about.ts';
import { contextOf } from '../../crossplane/definition/chart.ts';
import { holdsData } from '../../crossplane/reference/marks.ts';
import { observed } from '../../crossplane/reference/observed.ts';
import * as cognitoidp from '../../imports/cognitoidp.ts';
import { ACCESS_TOKEN_SCOPES, API_SCOPE } from '../../lambda/contract/scopes.ts';
import { awsName } from '../constructs/naming.ts';
import type { Users } from './user-pool.ts';

/** What somebody may change of the own account. A role is none of it: no client can raise anybody. */
const OWN_ATTRIBUTES = ['email', 'family_name', 'given_name', 'locale'];

/** Seconds in which a refresh token that was used can be used once more: an answer can get lost on its way. */
const RETRY_SECONDS = 10;

/** Minutes between the password and the second factor: Cognito's shortest. */
const CHALLENGE_MINUTES = 3;

interface WebClientProps {
  readonly users: Users;
  readonly settings: IdentitySection;
}

/** The client of the application's pages and of the function `auth`, and the scope of its tokens. */
export class WebClient extends Construct {
  /** Known once the client exists. */
  readonly id: string;

  constructor(scope: Construct, id: string, { users, settings }: WebClientProps) {
    super(scope, id);
    about(this, { config: 'identity', component: 'identity', partOf: users.pool });
    const { domainName } = contextOf(this);
    const scopes = new cognitoidp.ResourceServer(this, 'scopes', {
      why: 'Says for which scope a token opens the API',
      forProvider: {
        userPoolId: users.id,
        identifier: API_SCOPE.server,
        name: 'OwlNest API',
        scope: [{ scopeName: API_SCOPE.name, scopeDescription: 'Call the API of OwlNest' }],
      },
    });
    const client = new cognitoidp.UserPoolClient(this, 'client', {
      why: 'Lets the pages of the application sign people in',
      // AWS refuses a scope that is not there.
      after: [scopes],
      forProvider: {
        userPoolId: users.id,
        name: awsName(this, 'web'),
        // A page cannot keep a secret.
        generateSecret: false,
        // No refresh by a flow: where refresh tokens rotate, AWS takes them by GetTokensFromRefreshToken only.
        explicitAuthFlows: ['ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ALLOW_USER_SRP_AUTH'],
        supportedIdentityProviders: ['COGNITO'],
        allowedOauthFlowsUserPoolClient: true,
        // With PKCE, which Cognito checks where a page sends a challenge.
        allowedOauthFlows: ['code'],
        allowedOauthScopes: ['openid', 'email', 'profile', ...ACCESS_TOKEN_SCOPES],
        callbackUrls: [`https://${domainName}/auth/callback`],
        logoutUrls: [`https://${domainName}/`],
        readAttributes: ['email_verified', ...OWN_ATTRIBUTES],
        writeAttributes: OWN_ATTRIBUTES,
        preventUserExistenceErrors: 'ENABLED',
        enableTokenRevocation: true,
        authSessionValidity: CHALLENGE_MINUTES,
        refreshTokenRotation: [{ feature: 'ENABLED', retryGracePeriodSeconds: RETRY_SECONDS }],
        accessTokenValidity: settings.accessTokenMinutes,
        idTokenValidity: settings.accessTokenMinutes,
        refreshTokenValidity: settings.refreshTokenDays,
        tokenValidityUnits: [{ accessToken: 'minutes', idToken: 'minutes', refreshToken: 'days' }],
      },
    });
    // With its id all sessions are gone, and pages in browsers know no other.
    holdsData(client);
    this.id = observed(client, (status) => status.atProvider.id);
  }
}
