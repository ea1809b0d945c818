import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { operationList, parameterNames, type OperationId } from '../../../../lambda/contract/operations/index.ts';
import { brokenBodies, requestsOf } from './arbitrary.ts';
import { populated } from './populated.ts';

/** Many others each night; in between one seed, with which it is certain that each operation succeeds among them. */
const runs = process.env['OWLNEST_REQUEST_RUNS'];
const options = runs === undefined ? { numRuns: 15, seed: 20261125 } : { numRuns: Number(runs) };

/** They need what no generator guesses (a free point, a file that is not a day old); other tests see them succeed. */
const RARE: readonly OperationId[] = ['requestRole', 'putPoints', 'createPost', 'getFile', 'deleteFile'];

const cases = operationList.map((operation) => ({ id: operation.id as OperationId, operation }));

describe('generated requests: every answer is one that the contract knows, and none is a mistake of ours', () => {
  it.each(cases)('$id takes what fits its schemas', async ({ id, operation }) => {
    const { world, people, ids, all } = await populated();
    const params = fc.record(
      Object.fromEntries(parameterNames(operation.path).map((name) => [name, fc.constantFrom(...(ids[name] ?? []))])),
    );
    const versions = fc.constantFrom(1, 1, 1, 7);
    let successes = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.constantFrom(people[0], people[3]), fc.constantFrom(...people)),
        params,
        requestsOf(operation, all),
        versions,
        async (as, given, { body, query }, version) => {
          const ifMatch = operation.version === 'required' ? version : undefined;
          const answer = await world.call(id, { as, params: given, query, body, ifMatch });
          expect(answer.problem?.code).not.toBe('internal');
          if (answer.problem === undefined) successes++;
          world.clock.pass(24 * 3600 * 1000);
        },
      ),
      options,
    );
    if (!RARE.includes(id)) expect([id, successes > 0]).toEqual([id, true]);
  });

  it.each(cases.filter(({ operation }) => operation.body))('$id refuses what does not', async ({ id, operation }) => {
    const { world, people, ids, all } = await populated();
    const params = Object.fromEntries(parameterNames(operation.path).map((name) => [name, ids[name]?.[0] ?? '']));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...people), brokenBodies(operation, all), async (as, body) => {
        const before = world.test.twin.size;
        const given = {
          as,
          params,
          body: JSON.stringify(body),
          ifMatch: operation.version === 'required' ? 1 : undefined,
        };
        const answer = await world.call(id, given);
        expect(answer.problem?.code).not.toBe('internal');
        const fits = operation.body?.safeParse(body).success === true;
        if (!fits) expect(answer.status).toBeGreaterThanOrEqual(400);
        // Besides counts of rates and the mark that somebody is active, a refusal leaves nothing behind.
        if (!fits) expect(world.test.twin.size - before).toBeLessThanOrEqual(2);
        world.clock.pass(24 * 3600 * 1000);
      }),
      options,
    );
  });
});
