/** Law 1 by force: nothing from outside may reach an answer, and equal input gives equal bytes. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compositeKinds } from '../../charts/index.ts';
import type { ComposeRequest } from '../../crossplane/compose/types.ts';
import type { Json, JsonObject } from '../../imports/base.ts';
import { answerText, convergedRequests } from './purity-requests.ts';

/** What `purity-run.ts` prints. */
interface Run {
  readonly locale: string;
  readonly timeZone: string;
  /** Locks that did not hold. */
  readonly open: readonly string[];
  /** What compose reached for while it was forbidden. */
  readonly touched: readonly string[];
  readonly answers: readonly string[];
}

const checkout = fileURLToPath(new URL('../../', import.meta.url));

/** Composes everything in a process with this environment, with clock, chance, files, network and locale locked up. */
async function lockedUp(environment: Readonly<Record<string, string>>): Promise<Run> {
  const parameters = ['--import', 'tsx', 'test/compose/purity-run.ts'];
  const { PATH = '', HOME = '' } = process.env;
  const { stdout } = await promisify(execFile)(process.execPath, parameters, {
    cwd: checkout,
    env: { PATH, HOME, ...environment },
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(stdout) as Run;
}

const { composer, requests } = convergedRequests(compositeKinds);
const answers = requests.map((request) => answerText(composer.compose(request)));

describe('with clock, chance, environment, files, network and locale replaced by errors', () => {
  let here: Run;
  let nepal: Run;

  beforeAll(async () => {
    [here, nepal] = await Promise.all([
      lockedUp({ TZ: 'UTC', LANG: 'C.UTF-8' }),
      lockedUp({
        TZ: 'Asia/Kathmandu',
        LANG: 'tr_TR.UTF-8',
        LC_ALL: 'tr_TR.UTF-8',
        // All that cdk8s reads.
        CDK8S_DISABLE_SORT: '1',
        CDK8S_LEGACY_HASH: '1',
        CDK8S_OUTDIR: '/nowhere',
        CDK8S_RECORD_CONSTRUCT_METADATA: 'true',
      }),
    ]);
  }, 60_000);

  it('the locks hold, and the other process really is elsewhere', () => {
    expect(here.open).toEqual([]);
    expect(nepal.timeZone).toMatch(/^Asia\/Kath?mandu$/);
    expect(nepal.locale).toBe('tr-TR');
    expect(here.locale).not.toBe('tr-TR');
  });

  it('compose reaches for none of them, from the empty state to the converged one', () => {
    expect(requests.length).toBeGreaterThan(10);
    expect(here.touched).toEqual([]);
    expect(here.answers).toEqual(answers);
  });

  it('another time zone, locale and environment give the same bytes', () => {
    expect(nepal.touched).toEqual([]);
    expect(nepal.answers).toEqual(answers);
  });
});

describe('equal input gives equal bytes', () => {
  it('when asked twice, also by another composer', () => {
    const other = convergedRequests(compositeKinds);
    expect(requests.map((request) => answerText(composer.compose(request)))).toEqual(answers);
    expect(requests.map((request) => answerText(other.composer.compose(request)))).toEqual(answers);
  });

  it('and compose leaves what it was given as it was', () => {
    const frozen = requests.map(deepFreeze);
    expect(frozen.map((request) => answerText(composer.compose(request)))).toEqual(answers);
  });

  it('in whatever order resources and keys arrive', () => {
    fc.assert(
      fc.property(
        fc.nat(requests.length - 1),
        fc.array(fc.nat(1_000), { minLength: 7, maxLength: 97 }),
        (which, dice) => {
          const request = requests[which];
          if (request === undefined) throw new Error('no such request');
          expect(answerText(composer.compose(shuffledRequest(request, dice)))).toBe(answers[which]);
        },
      ),
      { numRuns: 60 },
    );
  });
});

/** The same request; resources and the keys of all objects in an order that follows from the dice. */
function shuffledRequest({ composite, resources }: ComposeRequest, dice: readonly number[]): ComposeRequest {
  let thrown = 0;
  const order = <Item>(items: readonly Item[]): readonly Item[] =>
    items
      .map((item) => ({ item, rank: (dice[thrown++ % dice.length] ?? 0) * 31 + thrown }))
      .sort((one, other) => (one.rank % 101) - (other.rank % 101))
      .map(({ item }) => item);
  const shuffled = (value: Json): Json => {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return (value as readonly Json[]).map(shuffled);
    return Object.fromEntries(order(Object.entries(value as JsonObject)).map(([key, item]) => [key, shuffled(item)]));
  };
  const whole = <Value>(value: Value): Value => shuffled(value as Json) as Value;
  return {
    composite: whole(composite),
    resources: new Map(order([...resources]).map(([id, object]) => [id, whole(object)])),
  };
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const item of value instanceof Map ? value.values() : Object.values(value)) deepFreeze(item);
  return value;
}
