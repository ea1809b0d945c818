import Table from 'cli-table3';
import type { Orphan, OrphanState } from '../plan/orphans.ts';

/** What `owlnest orphans` has found out about one environment. */
export interface OrphanReport {
  readonly environment: string;
  readonly account: string;
  /** Where AWS was asked. */
  readonly regions: readonly string[];
  /** How many objects of the environment there are, and how many resources of AWS with its tags. */
  readonly objects: number;
  readonly resources: number;
  readonly orphans: readonly Orphan[];
  /** Kinds of the environment's objects, `<Kind>.<service>`, of which AWS lists nothing by tag. */
  readonly notSeen: readonly string[];
}

const MEANING: Readonly<Record<OrphanState, string>> = {
  doubled: 'its object stands for another resource, so AWS made two: delete this one once nothing uses it',
  unnamed: 'its object stands for nothing yet: wait a minute and look again before doing anything',
  copied: 'AWS has copied the tags to it, as it does to backups: it is counted as no orphan',
  left: 'its object is not there: kept on purpose, as data is, or forgotten',
};

/** Of the columns: number, state, region, resource; with their five lines 80. */
const WIDTHS = [5, 11, 18, 41] as const;
/** Of what stands in the last one, between its two spaces. */
const RESOURCE_WIDTH = WIDTHS[3] - 2;

/** Whether anything is there that a person should look at. */
export function hasOrphans({ orphans }: OrphanReport): boolean {
  return orphans.some(({ state }) => state !== 'copied');
}

/** A table of 80 columns, and below it the whole ARNs, to be copied, and what was not looked at. */
export function orphanTable(report: OrphanReport): string {
  const { orphans, environment, account, regions, objects, resources, notSeen } = report;
  const compared =
    `${environment}: ${resources} resources with its tags in account ${account} (${regions.join(', ')}), ` +
    `compared with ${objects} objects: ${orphans.length === 0 ? 'no orphans' : `${orphans.length} without an object`}.`;
  const states = [...new Set(orphans.map(({ state }) => state))].sort();
  return [
    ...wrapped(compared),
    ...(objects === 0 ? wrapped('None of the objects is of this environment. Is it the right cluster, or file?') : []),
    ...(orphans.length === 0 ? [] : ['', tableOf(orphans), '']),
    ...states.flatMap((state) => wrapped(`${state}: ${MEANING[state]}.`)),
    ...(orphans.length === 0 ? [] : ['', ...orphans.map(({ arn }, index) => `${index + 1} ${arn}`)]),
    '',
    ...wrapped(
      'Not seen, since AWS lists none of it by tag: IAM roles and users' +
        `${notSeen.length === 0 ? '' : `, and what it has of ${notSeen.join(', ')}`}.`,
    ),
  ].join('\n');
}

function tableOf(orphans: readonly Orphan[]): string {
  const table = new Table({
    head: ['#', 'state', 'region', 'resource'],
    colWidths: [...WIDTHS],
    style: { head: [], border: [], compact: true },
  });
  for (const [index, { state, region, arn, madeFor, instead, mentionedBy }] of orphans.entries()) {
    const lines = [
      arn.split(':').slice(5).join(':'),
      ...(madeFor === undefined ? [] : [`made for ${short(madeFor)}`]),
      ...(instead === undefined ? [] : [`which is ${instead.split(':').slice(-1).join()}`]),
      ...mentionedBy.map((object) => `used by ${short(object)}`),
    ];
    table.push([index + 1, state, region, lines.flatMap((line) => folded(line, RESOURCE_WIDTH)).join('\n')]);
  }
  return table.toString();
}

/** Without the end that all kinds of the provider share. */
function short(object: string): string {
  return object.replace('.aws.m.upbound.io/', '/');
}

/** In pieces that fit: names have no spaces to break at. */
function folded(line: string, width: number): readonly string[] {
  return line.match(new RegExp(`.{1,${width}}`, 'gu')) ?? [];
}

/** A sentence in lines of 80 columns, broken at spaces. */
function wrapped(sentence: string): readonly string[] {
  const lines: string[] = [];
  for (const word of sentence.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > 80) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
