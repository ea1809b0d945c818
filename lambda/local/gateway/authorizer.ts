import { createRemoteJWKSet, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { ACCESS_TOKEN_SCOPES } from '../../contract/scopes.ts';

/** What API Gateway hands to a function of a verified token: text by name. */
export type Claims = Readonly<Record<string, string>>;

/** Checks the value of an `Authorization` header. @returns undefined where API Gateway would answer UNAUTHORIZED. */
export type Authorizer = (header: string | undefined) => Promise<Claims | undefined>;

/**
 * The authorizer of type COGNITO_USER_POOLS with scopes: signature by the pool's published keys, issuer, expiry, and one of
 * the scopes, which only access tokens have. It does not know of tokens that were revoked, as AWS's own does not: an access
 * token is good until it expires.
 */
export function cognitoAuthorizer(issuer: string): Authorizer {
  const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`));
  return async (header) => {
    const token = header?.replace(/^Bearer\s+/i, '');
    if (token === undefined || token === '') return undefined;
    const payload = await verified(token, keys, issuer);
    const scopes = typeof payload?.['scope'] === 'string' ? payload['scope'].split(' ') : [];
    if (payload === undefined || !ACCESS_TOKEN_SCOPES.some((scope) => scopes.includes(scope))) return undefined;
    return asText(payload);
  };
}

async function verified(token: string, keys: JWTVerifyGetKey, issuer: string): Promise<JWTPayload | undefined> {
  try {
    return (await jwtVerify(token, keys, { issuer, algorithms: ['RS256'] })).payload;
  } catch {
    return undefined;
  }
}

/** Lists become `a,b`, times text, as in the events of API Gateway. */
function asText(payload: JWTPayload): Claims {
  const times = new Set(['exp', 'iat']);
  return Object.fromEntries(
    Object.entries(payload).map(([name, value]) => {
      if (times.has(name)) return [name, new Date(Number(value) * 1000).toUTCString()];
      return [name, Array.isArray(value) ? value.join(',') : String(value)];
    }),
  );
}
