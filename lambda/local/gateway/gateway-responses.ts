import * as z from 'zod';
import { gatewayDocument } from '../../contract/openapi/gateway.ts';
import { ACCOUNT_ID, REGION, RELEASE, USER_POOL_ID } from '../settings.ts';

/** What API Gateway answers by itself. */
export type GatewayResponseType =
  'UNAUTHORIZED' | 'MISSING_AUTHENTICATION_TOKEN' | 'REQUEST_TOO_LARGE' | 'INTEGRATION_FAILURE' | 'INTEGRATION_TIMEOUT';

const response = z.object({
  statusCode: z.number(),
  responseParameters: z.record(z.string(), z.string()),
  responseTemplates: z.object({ 'application/json': z.string() }),
});
const preflight = z.object({
  options: z.object({
    'x-amazon-apigateway-integration': z.object({
      responses: z.object({ default: z.object({ responseParameters: z.record(z.string(), z.string()) }) }),
    }),
  }),
});
const document = z.object({
  paths: z.record(z.string(), preflight),
  'x-amazon-apigateway-gateway-responses': z.record(z.string(), response),
});

/** The answers that the document for API Gateway declares; the local gateway gives the same ones. */
export class GatewayResponses {
  private readonly declared: z.output<typeof document>;
  private readonly origins: readonly string[];

  constructor(origins: readonly [string, ...string[]]) {
    this.origins = origins;
    this.declared = document.parse(
      gatewayDocument({
        release: RELEASE,
        origins,
        integrationUri: (name) => `local:${name}`,
        userPoolArn: `arn:aws:cognito-idp:${REGION}:${ACCOUNT_ID}:userpool/${USER_POOL_ID}`,
      }),
    );
  }

  /** @param context what `$context.…` stands for */
  of(type: GatewayResponseType, context: { readonly path: string; readonly requestId: string }): Response {
    const declared = this.declared['x-amazon-apigateway-gateway-responses'][type];
    if (declared === undefined) throw new Error(`the document for API Gateway has no answer of type ${type}`);
    const filled = declared.responseTemplates['application/json'].replaceAll(
      /\$context\.(path|requestId)/g,
      (_, name: string) => JSON.stringify(name === 'path' ? context.path : context.requestId).slice(1, -1),
    );
    const headers = Object.entries(declared.responseParameters).map(([name, value]): [string, string] => [
      name.replace('gatewayresponse.header.', ''),
      value === 'context.requestId' ? context.requestId : value.replaceAll("'", ''),
    ]);
    return new Response(filled, { status: declared.statusCode, headers });
  }

  /** The answer to the preflight request of a browser. */
  preflight(path: string, origin: string | undefined): Response {
    const declared = this.declared.paths[path]?.options['x-amazon-apigateway-integration'].responses.default;
    const headers = Object.entries(declared?.responseParameters ?? {}).map(([name, value]): [string, string] => [
      name.replace('method.response.header.', ''),
      value.replaceAll("'", ''),
    ]);
    const allowed = origin !== undefined && this.origins.includes(origin);
    if (allowed) headers.push(['Access-Control-Allow-Origin', origin]);
    return new Response(undefined, { status: 204, headers });
  }
}
