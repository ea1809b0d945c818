import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT, type JSONWebKeySet } from 'jose';
import { ACCESS_TOKEN_SCOPES } from '../../contract/scopes.ts';
import { USER_POOL_CLIENT_ID } from '../settings.ts';

/** Lifetime of access and ID tokens in seconds, as the Identity layer declares it. */
export const ACCESS_TOKEN_SECONDS = 15 * 60;

export interface TokenSubject {
  readonly sub: string;
  readonly email: string;
  readonly groups: readonly string[];
  /** When the user signed in, in seconds since 1970. */
  readonly authTime: number;
}

/** Issues tokens as the user pool does. */
export interface TokenIssuer {
  /** What `/.well-known/jwks.json` answers. */
  readonly keys: JSONWebKeySet;
  /** @param seconds lifetime, which tests choose */
  issue(subject: TokenSubject, seconds?: number): Promise<{ accessToken: string; idToken: string }>;
}

/** An issuer with a new RSA key of 2,048 bits. */
export async function tokenIssuer(issuer: string): Promise<TokenIssuer> {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const kid = randomUUID();
  const sign = (claims: Readonly<Record<string, unknown>>, sub: string, seconds: number): Promise<string> =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid })
      .setIssuer(issuer)
      .setSubject(sub)
      .setJti(randomUUID())
      .setIssuedAt()
      .setExpirationTime(Math.floor(Date.now() / 1000) + seconds)
      .sign(privateKey);

  return {
    keys: { keys: [{ ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' }] },
    issue: async ({ sub, email, groups, authTime }, seconds = ACCESS_TOKEN_SECONDS) => {
      const common = { auth_time: authTime, ...(groups.length > 0 && { 'cognito:groups': groups }) };
      const access = {
        token_use: 'access',
        scope: ACCESS_TOKEN_SCOPES[0],
        client_id: USER_POOL_CLIENT_ID,
        username: sub,
      };
      const id = { token_use: 'id', aud: USER_POOL_CLIENT_ID, 'cognito:username': sub, email, email_verified: true };
      return {
        accessToken: await sign({ ...common, ...access }, sub, seconds),
        idToken: await sign({ ...common, ...id }, sub, seconds),
      };
    },
  };
}
