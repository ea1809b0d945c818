import { BODY_LIMIT_BYTES } from '../../contract/limits.ts';
import { correlationId, entityTag, idempotencyKey } from '../../contract/openapi/parameters.ts';
import { parameterNames, pathParameters, type Operation } from '../../contract/operations/index.ts';
import { fieldProblems } from '../../domain/issues.ts';
import { Problem, type FieldProblem } from '../../domain/problem.ts';
import { bodyBytes, header, type RestEvent } from './event.ts';

/** What the schemas of an operation have made of a request. */
export interface CheckedInput {
  readonly params: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>> | undefined;
  readonly body: unknown;
  readonly ifMatch: number | undefined;
  readonly idempotencyKey: string | undefined;
}

/**
 * Checks path, query, headers and body by the schemas of the operation.
 * @throws Problem `too-large`, `unsupported-media-type`, `precondition-required`; `invalid-input` with every wrong field.
 */
export function checkInput(operation: Operation, event: RestEvent): CheckedInput {
  const problems: FieldProblem[] = [];
  const params = checkParams(operation, event, problems);
  const query = checkQuery(operation, event, problems);
  const key = checkIdempotencyKey(operation, event, problems);
  const body = checkBody(operation, event, problems);
  if (problems.length > 0) throw new Problem('invalid-input', { fields: problems });
  return { params, query, body, ifMatch: checkIfMatch(operation, event), idempotencyKey: key };
}

/** The correlation id of the caller, when it is well-formed. */
export function correlationIdOf(event: RestEvent): string | undefined {
  return correlationId.safeParse(header(event, 'X-Correlation-Id')).data;
}

function checkParams(operation: Operation, event: RestEvent, problems: FieldProblem[]): Record<string, unknown> {
  const given = event.pathParameters ?? {};
  return Object.fromEntries(
    parameterNames(operation.path).map((name) => {
      const result = pathParameters[name].safeParse(given[name], { reportInput: true });
      if (!result.success) problems.push(...fieldProblems(`path/${name}`, result.error.issues));
      return [name, result.data];
    }),
  );
}

function checkQuery(
  operation: Operation,
  event: RestEvent,
  problems: FieldProblem[],
): Record<string, unknown> | undefined {
  const given = Object.entries(event.multiValueQueryStringParameters ?? {});
  const twice = given.filter(([, values]) => values.length !== 1).map(([name]) => name);
  problems.push(...twice.map((name): FieldProblem => ({ pointer: `/query/${name.slice(0, 64)}`, code: 'distinct' })));
  const single = Object.fromEntries(given.map(([name, values]) => [name, values[0]]));
  if (operation.query === undefined) {
    problems.push(
      ...Object.keys(single).map((name): FieldProblem => ({ pointer: `/query/${name.slice(0, 64)}`, code: 'unknown' })),
    );
    return undefined;
  }
  const result = operation.query.safeParse(single, { reportInput: true });
  if (!result.success) problems.push(...fieldProblems('query', result.error.issues));
  return result.data;
}

function checkIdempotencyKey(operation: Operation, event: RestEvent, problems: FieldProblem[]): string | undefined {
  if (operation.idempotent !== true) return undefined;
  const given = header(event, 'Idempotency-Key');
  const result = idempotencyKey.safeParse(given);
  if (!result.success) {
    problems.push({ pointer: '/headers/Idempotency-Key', code: given === undefined ? 'required' : 'format' });
  }
  return result.data;
}

function checkIfMatch(operation: Operation, event: RestEvent): number | undefined {
  if (operation.version !== 'required') return undefined;
  const given = header(event, 'If-Match');
  if (given === undefined) throw new Problem('precondition-required');
  // Any tag that is none of ours belongs to no version of the entity.
  if (!entityTag.safeParse(given).success) throw new Problem('version-conflict');
  return Number(given.slice(1, -1));
}

function checkBody(operation: Operation, event: RestEvent, problems: FieldProblem[]): unknown {
  const bytes = bodyBytes(event);
  if (bytes.length > BODY_LIMIT_BYTES) throw new Problem('too-large');
  if (operation.body === undefined) {
    if (bytes.length > 0) problems.push({ pointer: '/body', code: 'unknown' });
    return undefined;
  }
  if (!isJson(operation, header(event, 'Content-Type'))) throw new Problem('unsupported-media-type');
  const result = operation.body.safeParse(parsed(bytes), { reportInput: true });
  if (!result.success) problems.push(...fieldProblems('body', result.error.issues));
  return result.data;
}

function isJson(operation: Operation, contentType = ''): boolean {
  const type = contentType.split(';')[0]?.trim().toLowerCase();
  return type === 'application/json' || (operation.method === 'PATCH' && type === 'application/merge-patch+json');
}

/** @throws Problem `invalid-input` for bytes that are no UTF-8 or no JSON. */
function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new Problem('invalid-input', { fields: [{ pointer: '/body', code: 'format' }], cause });
  }
}
