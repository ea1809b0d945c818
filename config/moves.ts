import type { Records } from './identities.ts';
import type { ConfigProblem } from './problems.ts';
import { pathText, shown } from './text.ts';

/** What an environment has recorded, and whether it protects its data. */
export interface Recorded {
  /** `config/<environment>.identities.json` */
  readonly file: string;
  readonly environment: string;
  readonly records: Records;
  /** An environment whose file is gone has protected its data, as far as anybody knows. */
  readonly protectData: boolean;
  /** Whether the environment still has a file of its own. */
  readonly isThere: boolean;
}

type Entry = Recorded & { readonly key: string; readonly record: Records[string] };

/**
 * What is wrong with resources that move from one environment to another: a move is declared on both sides, the one that
 * gives looks on only, and data that is protected stays so.
 */
export function problemsOfMoves(all: readonly Recorded[]): readonly ConfigProblem[] {
  const entries = all.flatMap((recorded) =>
    Object.entries(recorded.records).map(([key, record]): Entry => ({ ...recorded, key, record })),
  );
  return entries.flatMap((entry) => [...problemOfTaking(entry, entries), ...problemOfGiving(entry, entries)]);
}

function problemOfTaking(entry: Entry, entries: readonly Entry[]): readonly ConfigProblem[] {
  const { environment, key, record, protectData } = entry;
  const { movedFrom: from, externalName } = record;
  if (from === undefined) return [];
  const giver = entries.find(
    (other) => other.environment === from && isSameResource(other, entry) && other.record.movedTo === environment,
  );
  if (giver === undefined) {
    const there = `"movedTo": ${shown(environment)} and "mode": "adopt"`;
    return [
      problem(
        entry,
        'movedFrom',
        `is ${shown(from)}, but config/${from}.identities.json does not give ${shown(externalName)} away as a ${kindOf(key)}; write ${there} there, too`,
      ),
    ];
  }
  if (giver.protectData && !protectData) {
    return [
      problem(
        entry,
        'movedFrom',
        `is ${shown(from)}, which protects its data, and ${environment} does not; remove protectData from config/${environment}.json`,
      ),
    ];
  }
  return [];
}

function problemOfGiving(entry: Entry, entries: readonly Entry[]): readonly ConfigProblem[] {
  const { environment, record } = entry;
  const { movedTo: to, externalName } = record;
  if (to === undefined) return [];
  if (record.mode !== 'adopt') {
    return [
      problem(
        entry,
        'mode',
        `is "owned", but the resource has moved to ${to}; write "adopt", so that two do not write it`,
      ),
    ];
  }
  const taker = entries.find(
    (other) => other.environment === to && isSameResource(other, entry) && other.record.movedFrom === environment,
  );
  if (taker?.isThere === true) return [];
  return [
    problem(
      entry,
      'movedTo',
      `is ${shown(to)}, but config/${to}.identities.json does not take ${shown(externalName)}; write "movedFrom": ${shown(environment)} there, too`,
    ),
  ];
}

function isSameResource(one: Entry, other: Entry): boolean {
  return one.record.externalName === other.record.externalName && kindOf(one.key) === kindOf(other.key);
}

/** `<Kind>.<group>` */
function kindOf(key: string): string {
  return key.split('/')[0] ?? key;
}

function problem({ file, key }: Entry, field: string, text: string): ConfigProblem {
  const path = pathText([key, field]);
  return { file, path, message: `${file}: ${path} ${text}.` };
}
