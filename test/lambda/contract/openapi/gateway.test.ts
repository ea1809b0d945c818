import { describe, expect, it } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { gatewayFindings } from '../../../../lambda/contract/openapi/gateway-limits.ts';
import { gatewayDocument } from '../../../../lambda/contract/openapi/gateway.ts';
import { ACCESS_TOKEN_SCOPES } from '../../../../lambda/contract/scopes.ts';
import type { Json, JsonObject } from '../../../../lambda/contract/openapi/schemas.ts';
import { operationList } from '../../../../lambda/contract/operations/index.ts';

const settings = {
  release: '1.2.3',
  integrationUri: (name: string) => `uri-of-${name}`,
  userPoolArn: 'arn-of-the-pool',
  origins: ['https://owlnest.example', 'http://localhost:3000'] as const,
};
const build = () => JSON.parse(JSON.stringify(gatewayDocument({ ...settings, origins: [...settings.origins] })));
const document = build();

describe('the OpenAPI document that API Gateway imports', () => {
  it('is OpenAPI 3.0, as the specification’s own schema has it', async () => {
    expect(await new Validator().validate(build())).toEqual({ valid: true });
  });

  it('has nothing that API Gateway is known to refuse or to change', () => {
    expect(gatewayFindings(document)).toEqual([]);
  });

  it('is pure: the same settings, the same bytes', () => {
    expect(JSON.stringify(build())).toBe(JSON.stringify(document));
  });

  it.each(operationList)(
    'fault 2 and 6: $id has a route to its function, and asks for an access token',
    (operation) => {
      const route = document.paths[operation.path][operation.method.toLowerCase()];
      expect(route['x-amazon-apigateway-integration']).toMatchObject({
        type: 'aws_proxy',
        httpMethod: 'POST',
        uri: `uri-of-${operation.function}`,
      });
      const expected = operation.permission === 'public' ? undefined : [{ accessToken: [...ACCESS_TOKEN_SCOPES] }];
      expect(route.security).toEqual(expected);
    },
  );

  it('answers a preflight at every path, for configured origins only', () => {
    for (const [path, item] of Object.entries(document.paths)) {
      const { responses } = JSON.parse(JSON.stringify(item)).options['x-amazon-apigateway-integration'];
      const { responseParameters, responseTemplates } = responses.default;
      const allowed = responseParameters['method.response.header.Access-Control-Allow-Methods'];
      const methods = operationList.filter((operation) => operation.path === path).map(({ method }) => method);
      expect(allowed).toBe(`'${[...methods, 'OPTIONS'].join(',')}'`);
      expect(JSON.stringify(responseParameters)).not.toContain('*');
      expect(responseTemplates['application/json']).toContain('["https://owlnest.example","http://localhost:3000"]');
    }
  });

  it('answers its own refusals as problems, with the status they have everywhere', () => {
    const responses = document['x-amazon-apigateway-gateway-responses'];
    for (const kind of Object.keys(responses)) {
      const { statusCode, responseTemplates } = responses[kind];
      const body = JSON.parse(responseTemplates['application/json']);
      expect(body).toMatchObject({ status: statusCode, type: `/problems/${body.code}` });
    }
    expect(responses.THROTTLED.statusCode).toBe(429);
  });
});

describe('the check of API Gateway’s limits', () => {
  const operation = { 'x-amazon-apigateway-integration': {} };
  const base: JsonObject = { openapi: '3.0.1', paths: { '/a': { get: operation } } };
  const schema = (value: Json): JsonObject => ({ ...base, components: { schemas: { A: value } } });

  it('finds nothing in a document that is well', () => expect(gatewayFindings(base)).toEqual([]));

  it.each<[string, JsonObject, string]>([
    ['3.1', { ...base, openapi: '3.1.0' }, 'openapi: the import takes 3.0, not 3.1'],
    ['security at the root', { ...base, security: [] }, 'security: at the root it is ignored'],
    [
      'two names at one position',
      {
        ...base,
        paths: {
          '/a/{id}': { get: { ...operation, parameters: [{ in: 'path', name: 'id' }] } },
          '/a/{other}/b': { get: { ...operation, parameters: [{ in: 'path', name: 'other' }] } },
        },
      },
      '"{other}" stands where another path has "{id}"',
    ],
    ['a segment with a variable in it', { ...base, paths: { '/a-{id}': { get: operation } } }, 'is no segment'],
    ['a path that it has itself', { ...base, paths: { '/ping': { get: operation } } }, 'reserved'],
    ['a method it lacks', { ...base, paths: { '/a': { trace: operation } } }, 'no method "trace"'],
    ['no integration', { ...base, paths: { '/a': { get: {} } } }, 'no integration'],
    ['no scopes', { ...base, paths: { '/a': { get: { ...operation, security: [{ t: [] }] } } } }, 'without scopes'],
    ['a parameter left out', { ...base, paths: { '/{id}': { get: operation } } }, '{id} is not declared'],
    [
      'a cookie',
      { ...base, paths: { '/a': { get: { ...operation, parameters: [{ in: 'cookie', name: 'c' }] } } } },
      'cookies',
    ],
    ['a model with a dash', { ...base, components: { schemas: { 'a-b': {} } } }, 'letters and digits only'],
    ['const', schema({ const: 1 }), '"const"'],
    ['oneOf, deep inside', schema({ properties: { a: { items: { oneOf: [] } } } }), '"oneOf"'],
    ['a discriminator', schema({ discriminator: {} }), '"discriminator"'],
    ['a number for exclusiveMinimum', schema({ exclusiveMinimum: 0 }), '"exclusiveMinimum"'],
    ['nullable', schema({ nullable: true }), '"nullable"'],
    ['a list of types', schema({ type: ['string', 'integer'] }), 'one type, not a list'],
    ['null', { ...base, info: { title: null } }, '#/info/title: is null'],
    [
      'too many resources',
      { ...base, paths: Object.fromEntries(Array.from({ length: 301 }, (_, i) => [`/a${i}`, { get: operation }])) },
      '301 resources',
    ],
    ['too many bytes', { ...base, info: { title: 'x'.repeat(6 * 1024 * 1024) } }, 'bytes, more than'],
  ])('finds %s', (_, broken, sentence) => {
    expect(gatewayFindings(broken)).toContainEqual(expect.stringContaining(sentence));
  });

  it('takes a field called oneOf for a field', () => {
    expect(gatewayFindings(schema({ properties: { oneOf: { type: 'string' } } }))).toEqual([]);
  });
});
