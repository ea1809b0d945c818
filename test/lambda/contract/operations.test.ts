import { describe, expect, it } from '@jest/globals';
import {
  operationList,
  operations,
  operationsOf,
  parameterNames,
  problemsOf,
  ROUTE_CLASSES,
} from '../../../lambda/contract/operations/index.ts';
import { components } from '../../../lambda/contract/schemas/components.ts';

const ids = operationList.map(({ id }) => id);

describe('operations', () => {
  it('stand once: no method and path twice', () => {
    const addresses = operationList.map(({ method, path }) => `${method} ${path.replace(/\{\w+\}/g, '{}')}`);
    expect(new Set(addresses).size).toBe(addresses.length);
  });

  it('are all of the serving core and no more', () => {
    expect(
      Object.fromEntries(['auth', 'user', 'discussion', 'post', 'file'].map((name) => [name, count(name)])),
    ).toEqual({
      auth: 12,
      user: 13,
      discussion: 17,
      post: 10,
      file: 4,
    });
    expect(ids).toHaveLength(56);
  });

  it.each(operationList)(
    '$id: body and answer have names, GET and DELETE have no body, 204 has no answer',
    (operation) => {
      const { method, body, success, path } = operation;
      for (const schema of [body, success.body]) if (schema) expect(components.get(schema)?.id).toMatch(/^[A-Z]\w+$/);
      if (method === 'GET' || method === 'DELETE') expect(body).toBeUndefined();
      if (success.status === 204) expect(success.body).toBeUndefined();
      expect(() => parameterNames(path)).not.toThrow();
    },
  );

  it.each(operationList.filter(({ path }) => path.startsWith('/auth/')))(
    '$id is of the class auth and limited in rate where it is public',
    ({ routeClass, permission, rateLimit }) => {
      expect(routeClass).toBe('auth');
      if (permission === 'public') expect(rateLimit).toBeDefined();
    },
  );

  it('are public only where nobody can have a token yet, and for the health check', () => {
    const open = operationList.filter(({ permission }) => permission === 'public').map(({ path }) => path);
    expect(open.filter((path) => !path.startsWith('/auth/'))).toEqual(['/health']);
    expect(operations.logout.permission).toBe('account');
  });

  it('need If-Match in every PATCH, and in every PUT or DELETE of what has a version', () => {
    const changing = operationList.filter(({ version }) => version === 'required').map(({ method }) => method);
    expect(changing).not.toContain('GET');
    expect(operationList.filter(({ method, version }) => method === 'PATCH' && version !== 'required')).toEqual([]);
    expect(problemsOf(operations.updatePost)).toEqual(
      expect.arrayContaining(['precondition-required', 'version-conflict']),
    );
  });

  it('can be sent twice where they make something: every such POST takes an Idempotency-Key', () => {
    const makers = operationList.filter(({ method, function: name }) => method === 'POST' && name !== 'auth');
    expect(makers.filter(({ idempotent }) => idempotent !== true)).toEqual([]);
    expect(problemsOf(operations.createPost)).toEqual(
      expect.arrayContaining(['in-progress', 'idempotency-key-reused']),
    );
  });

  it('use every route class that the core has', () => {
    const used = new Set(operationList.map(({ routeClass }) => routeClass));
    expect(ROUTE_CLASSES.filter((name) => !used.has(name))).toEqual(['search', 'analytics']);
  });

  it.each(operationList.filter(({ body }) => body))('$id refuses a field that it does not know', ({ body }) => {
    const codes = body?.safeParse({ zebra: 1 }).error?.issues.map((issue) => issue.code);
    expect(codes).toContain('unrecognized_keys');
  });
});

function count(name: string): number {
  return operationsOf(name as Parameters<typeof operationsOf>[0]).length;
}
