import { describe, expect, it } from '@jest/globals';
import type { z } from 'zod';
import { FUNCTION_NAMES } from '../../../lambda/contract/function-names.ts';
import { callsOfTrigger, functions, type FunctionDeclaration } from '../../../lambda/contract/functions.ts';
import { operationsOf } from '../../../lambda/contract/operations/index.ts';

const all: readonly [string, FunctionDeclaration][] = Object.entries(functions);

/** Variable that names the target, where a function cannot do without one. */
const NAMED_BY: Readonly<Record<string, string>> = {
  table: 'TABLE_NAME',
  files: 'FILES_BUCKET',
  'user-pool': 'USER_POOL_ID',
  'cursor-key': 'CURSOR_KEY_ID',
  'event-bus': 'EVENT_BUS_NAME',
  websocket: 'WEBSOCKET_ENDPOINT',
};

describe('functions', () => {
  it('are declared once each, in the order of their names', () => {
    expect(new Set(FUNCTION_NAMES).size).toBe(FUNCTION_NAMES.length);
    expect(Object.keys(functions).sort()).toEqual([...FUNCTION_NAMES].sort());
  });

  it.each(all)('%s uses nothing twice, and no wildcard', (_, { uses }) => {
    const texts = uses.map(({ call, on }) => `${call} ${on}`);
    expect(new Set(texts).size).toBe(texts.length);
    expect(texts.filter((text) => !/^[a-z0-9-]+:[A-Z]\w+ /.test(text))).toEqual([]);
    // No API function reads the table from end to end.
    expect(texts.join(' ')).not.toContain('Scan');
  });

  it.each(all)('%s is told where everything is that it uses, and nothing else', (name, { uses, environment }) => {
    const told = Object.keys(environment.shape).filter((variable) => Object.values(NAMED_BY).includes(variable));
    // The user pool hands over what post-confirmation needs to know of it.
    const handed: Readonly<Record<string, string>> = { 'post-confirmation': 'USER_POOL_ID' };
    const needed = new Set(uses.map(({ on }) => NAMED_BY[on]).filter((variable) => variable !== handed[name]));
    expect([...told].sort()).toEqual([...needed].sort());
  });

  it.each(all)('%s is fetched for by Lambda where something waits for it', (_, { trigger }) => {
    const sources = new Set(callsOfTrigger(trigger).map(({ call, on }) => `${call.split(':')[0] ?? ''} ${on}`));
    const expected = { stream: ['dynamodb stream'], events: ['sqs queue'], files: ['sqs queue'] };
    expect([...sources]).toEqual(trigger.kind in expected ? expected[trigger.kind as keyof typeof expected] : []);
  });

  it.each(all)('%s takes text, and says of each variable what it is', (_, { environment }) => {
    for (const schema of Object.values(environment.shape)) {
      expect((schema as z.ZodType).description ?? (schema as z.ZodPipe<z.ZodType>).in.description).toMatch(/\.$/);
      expect((schema as z.ZodType).safeParse(5).success).toBe(false);
    }
    expect(environment.safeParse({}).success).toBe(false);
  });

  it.each(all)('%s serves operations if, and only if, the REST API calls it', (name, { trigger, timeoutSeconds }) => {
    expect(operationsOf(name as keyof typeof functions).length > 0).toBe(trigger.kind === 'rest');
    // API Gateway, the user pool and the queues: each waits so long.
    const waits = { rest: 10, websocket: 10, 'user-pool': 5, stream: 60, events: 60, files: 60 }[trigger.kind];
    expect(timeoutSeconds).toBe(waits);
  });
});
