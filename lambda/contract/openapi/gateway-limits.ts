import type { Json, JsonObject } from './schemas.ts';

/** Resources (parts of paths) of one REST API, and bytes of an imported definition: quotas of API Gateway. */
const RESOURCES_LIMIT = 300;
const DEFINITION_LIMIT_BYTES = 6 * 1024 * 1024;

/** Keywords of schemas that API Gateway's import refuses, ignores or misreads. */
const UNKNOWN_KEYWORDS = [
  ...['const', 'discriminator', 'example', 'nullable', 'oneOf', 'anyOf', 'readOnly', 'deprecated'],
  ...['exclusiveMinimum', 'exclusiveMaximum', 'minItems', 'maxItems', '$schema', '$id', '$defs', 'definitions'],
];

const METHODS = ['get', 'post', 'put', 'patch', 'delete', 'options'];

/**
 * What API Gateway's import would refuse or silently change in an OpenAPI document, one sentence each. Known from AWS's
 * notes on REST APIs and their quotas; no import into AWS has been tried.
 */
export function gatewayFindings(document: JsonObject): readonly string[] {
  return [
    ...versionFindings(document),
    ...pathFindings(Object.keys(object(document['paths']))),
    ...operationFindings(object(document['paths'])),
    ...modelFindings(object(object(document['components'])['schemas'])),
    ...absentFindings(document, '#'),
    ...sizeFindings(document),
  ];
}

function object(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !isList(value) ? value : {};
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function versionFindings(document: JsonObject): string[] {
  const found = [];
  if (!/^3\.0\.\d+$/.test(String(document['openapi']))) found.push('openapi: the import takes 3.0, not 3.1');
  if (document['security'] !== undefined) found.push('security: at the root it is ignored; say it at each operation');
  return found;
}

function pathFindings(paths: readonly string[]): string[] {
  const found: string[] = [];
  const variables = new Map<string, string>();
  const resources = new Set<string>();
  for (const path of paths) {
    const segments = path.split('/').slice(1);
    segments.forEach((segment, index) => {
      const above = segments.slice(0, index).join('/');
      resources.add(`${above}/${segment}`);
      if (!/^(\{\w+\}|[A-Za-z0-9._:-]+)$/.test(segment))
        found.push(`${path}: "${segment}" is no segment that it takes`);
      if (!segment.startsWith('{')) return;
      const before = variables.get(above);
      if (before !== undefined && before !== segment) {
        found.push(`${path}: "${segment}" stands where another path has "${before}"; one name a position`);
      }
      variables.set(above, segment);
    });
    if (/^\/s?ping$/.test(path)) found.push(`${path}: reserved for its own health check`);
  }
  if (resources.size > RESOURCES_LIMIT) found.push(`paths: ${resources.size} resources, more than ${RESOURCES_LIMIT}`);
  return found;
}

function operationFindings(paths: JsonObject): string[] {
  const found: string[] = [];
  for (const [path, item] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(object(item))) {
      if (!METHODS.includes(method)) found.push(`${path}: it has no method "${method}"`);
      const { security, parameters, 'x-amazon-apigateway-integration': integration } = object(operation);
      if (integration === undefined) found.push(`${method} ${path}: has no integration`);
      const scopes = Array.isArray(security) ? security.flatMap((one: Json) => Object.values(object(one)).flat()) : [];
      if (security !== undefined && scopes.length === 0) {
        found.push(`${method} ${path}: without scopes the authorizer takes ID tokens instead of access tokens`);
      }
      found.push(...parameterFindings(`${method} ${path}`, path, parameters));
    }
  }
  return found;
}

function parameterFindings(where: string, path: string, parameters: Json | undefined): string[] {
  const list = (parameters !== undefined && isList(parameters) ? parameters : []).map(object);
  const inPath = list
    .filter((parameter) => parameter['in'] === 'path')
    .map((parameter) => `{${String(parameter['name'])}}`);
  const missing = [...path.matchAll(/\{\w+\}/g)].map(([name]) => name).filter((name) => !inPath.includes(name));
  return [
    ...missing.map((name) => `${where}: ${name} is not declared as a parameter`),
    ...list
      .filter((parameter) => parameter['in'] === 'cookie')
      .map(() => `${where}: it knows no parameters in cookies`),
  ];
}

function modelFindings(schemas: JsonObject): string[] {
  const names = Object.keys(schemas).filter((name) => !/^[A-Za-z0-9]+$/.test(name));
  return [
    ...names.map((name) => `components.schemas.${name}: a model's name has letters and digits only`),
    ...Object.entries(schemas).flatMap(([name, schema]) => keywordFindings(schema, `components.schemas.${name}`)),
  ];
}

function keywordFindings(schema: Json, where: string): string[] {
  if (isList(schema)) return schema.flatMap((one) => keywordFindings(one, where));
  const here = object(schema);
  return [
    ...UNKNOWN_KEYWORDS.filter((keyword) => keyword in here).map(
      (keyword) => `${where}: "${keyword}" is not understood`,
    ),
    ...(here['type'] !== undefined && isList(here['type']) ? [`${where}: it takes one type, not a list`] : []),
    ...Object.entries(here).flatMap(([key, value]) =>
      key === 'properties'
        ? Object.entries(object(value)).flatMap(([name, field]) => keywordFindings(field, `${where}.${name}`))
        : keywordFindings(value, where),
    ),
  ];
}

/** A field is absent rather than null. */
function absentFindings(value: Json, where: string): string[] {
  if (value === null) return [`${where}: is null; leave it out`];
  if (isList(value)) return value.flatMap((one, index) => absentFindings(one, `${where}/${index}`));
  return Object.entries(object(value)).flatMap(([key, one]) => absentFindings(one, `${where}/${key}`));
}

function sizeFindings(document: JsonObject): string[] {
  const bytes = new TextEncoder().encode(JSON.stringify(document)).length;
  return bytes > DEFINITION_LIMIT_BYTES ? [`${bytes} bytes, more than ${DEFINITION_LIMIT_BYTES}`] : [];
}
