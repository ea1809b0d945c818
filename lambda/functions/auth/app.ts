import { createHash } from 'node:crypto';
import { TICKET_SECONDS } from '../../contract/limits.ts';
import { authOperations } from '../../contract/operations/index.ts';
import { CHALLENGES } from '../../contract/schemas/auth.ts';
import type { Change } from '../../data/stores/index.ts';
import { Problem } from '../../domain/problem.ts';
import { ownProfileView } from '../../domain/user.ts';
import { IdentityRefusal, type IdentityProvider, type SignIn } from '../clients/identity-provider.ts';
import { restHandler, type RestHandler } from '../rest/adapter.ts';
import { profileOf } from '../rest/caller.ts';
import type { RestDependencies } from '../rest/dependencies.ts';
import type { Handlers } from '../rest/handlers.ts';

export interface AuthDependencies extends RestDependencies {
  readonly identity: IdentityProvider;
  readonly release: string;
}

/** A ticket is as hard to guess as a key. */
const TICKET_BYTES = 32;

/** How the store knows a WebSocket ticket, which nobody can turn back. */
export function ticketHash(ticket: string): string {
  return createHash('sha256').update(ticket).digest('hex');
}

type SignInBody = Awaited<ReturnType<Handlers<typeof authOperations>['login']>>['body'];

/** The function `auth`. */
export function createAuth(dependencies: AuthDependencies): RestHandler {
  const { identity, stores, random, release } = dependencies;
  const sent = { body: { delivery: 'email' } } as const;
  const done = { body: undefined } as const;

  const signedIn = async (result: SignIn, change: Change, now: Date): Promise<{ body: SignInBody }> => {
    if (result.state === 'challenged') {
      const challenge = CHALLENGES.find((name) => name === result.challenge);
      if (challenge === undefined)
        throw new Error('the user pool asks for a challenge that the contract does not know');
      const { challengeToken, secret } = result;
      return { body: { challenge, challengeToken, ...(secret === undefined ? {} : { secret }) } };
    }
    const { userId, email, tokens, hasSecondFactor } = result;
    const profile = await profileOf(stores, userId, random, { ...change, actorId: userId });
    // The user pool asks it of everybody or of whoever has one, so an admin who took it off would get in by a password.
    if (profile.role === 'admin' && !hasSecondFactor) {
      await identity.signOutEverywhere(tokens.accessToken);
      throw new Problem('second-factor-missing');
    }
    return { body: { tokens: { ...tokens }, user: ownProfileView(profile, email, now) } };
  };

  return restHandler(
    authOperations,
    {
      register: async ({ body: { givenName, familyName, ...rest } }) => {
        const names = {
          ...(givenName !== undefined && { givenName }),
          ...(familyName !== undefined && { familyName }),
        };
        await told(() => identity.register({ ...rest, ...names }));
        return sent;
      },

      confirmRegistration: async ({ body }) => {
        await told(() => identity.confirm(body.email, body.code));
        return done;
      },

      resendCode: async ({ body }) => {
        await told(() => identity.resendCode(body.email));
        return sent;
      },

      forgotPassword: async ({ body }) => {
        await told(() => identity.forgotPassword(body.email));
        return sent;
      },

      resetPassword: async ({ body }) => {
        await told(() => identity.resetPassword(body.email, body.code, body.newPassword));
        return done;
      },

      login: async ({ body, change, now }) =>
        signedIn(await told(() => identity.signIn(body.email, body.password)), change, now),

      answerChallenge: async ({ body, change, now }) => {
        const { challenge, challengeToken, answer } = body;
        return signedIn(await told(() => identity.answerChallenge(challenge, challengeToken, answer)), change, now);
      },

      refreshTokens: async ({ body }) => ({ body: { ...(await told(() => identity.refresh(body.refreshToken))) } }),

      logout: async ({ body, accessToken }) => {
        await told(() =>
          body.everywhere ? identity.signOutEverywhere(accessToken) : identity.revoke(body.refreshToken),
        );
        return done;
      },

      changePassword: async ({ body, accessToken }) => {
        await told(() => identity.changePassword(accessToken, body.oldPassword, body.newPassword));
        return done;
      },

      createWsTicket: async ({ caller, now }) => {
        const ticket = Buffer.from(random(TICKET_BYTES)).toString('base64url');
        await stores.requests.putTicket(ticketHash(ticket), caller.userId, now);
        return { body: { ticket, expiresIn: TICKET_SECONDS } };
      },

      health: () => Promise.resolve({ body: { status: 'ok', release } }),
    },
    dependencies,
  );
}

/** A refusal of the user pool, as a problem. */
async function told<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof IdentityRefusal)) throw error;
    const wait = error.reason === 'rate-limited' ? { retryAfterSeconds: 60 } : {};
    throw new Problem(error.reason, { cause: error, ...wait });
  }
}
