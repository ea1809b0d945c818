import * as z from 'zod';

/**
 * What we read of a REST proxy event of API Gateway. Powertools' parser describes all of it and refuses events that lack
 * what nobody reads; this is what a handler depends on.
 */
export const restEvent = z.object({
  /** The path as declared, such as `/posts/{postId}`. */
  resource: z.string(),
  path: z.string(),
  httpMethod: z.string(),
  headers: z.record(z.string(), z.string()).nullish(),
  multiValueQueryStringParameters: z.record(z.string(), z.array(z.string())).nullish(),
  pathParameters: z.record(z.string(), z.string()).nullish(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().default(false),
  requestContext: z.object({
    requestId: z.string(),
    identity: z.object({ sourceIp: z.string() }),
    /** What the authorizer has verified. */
    authorizer: z.object({ claims: z.record(z.string(), z.unknown()) }).nullish(),
  }),
});
export type RestEvent = z.output<typeof restEvent>;

/** What API Gateway takes for an answer. */
export interface RestResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A header, whatever its case. */
export function header(event: RestEvent, name: string): string | undefined {
  const found = Object.entries(event.headers ?? {}).find(([key]) => key.toLowerCase() === name.toLowerCase());
  return found?.[1];
}

/** The body as bytes of UTF-8. */
export function bodyBytes({ body, isBase64Encoded }: RestEvent): Uint8Array {
  return Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8');
}

const claims = z.object({
  sub: z.uuid(),
  /** An ID token says `id` here; it is made for the client and not for us. */
  token_use: z.literal('access'),
  // API Gateway hands lists over as text: `admin,creator` or `[admin creator]`.
  'cognito:groups': z.union([z.string(), z.array(z.string())]).optional(),
});

/** The user and groups of a verified access token; undefined without one. */
export function verifiedUser(event: RestEvent): { userId: string; groups: readonly string[] } | undefined {
  const { data } = claims.safeParse(event.requestContext.authorizer?.claims);
  if (data === undefined) return undefined;
  const groups = data['cognito:groups'] ?? [];
  return { userId: data.sub, groups: typeof groups === 'string' ? groups.split(/[\s,[\]]+/).filter(Boolean) : groups };
}
