import { cpus, release, totalmem, type } from 'node:os';
import type { Phase, ScaleRun } from './run.ts';
import type { Usage } from './usage.ts';

const BEGIN = '<!-- measured: written by `npm run scale -- --write` -->';
const END = '<!-- /measured -->';

/** Managed resources of an environment with all layers, as the architecture counts them. */
const FULL_ENVIRONMENT = 430;
/** Seconds between two rounds at rest: the function's time to live of a converged answer. */
const ROUND_SECONDS = 600;

/** The text with what was measured between its marks; throws when it has none. */
export function withMeasures(text: string, runs: readonly ScaleRun[]): string {
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`The file has no place for the measures, between ${BEGIN} and ${END}.`);
  return `${text.slice(0, from)}${BEGIN}\n\n${measures(runs)}\n${text.slice(to)}`;
}

/** Tables of the runs, and what follows from the largest for more. */
export function measures(runs: readonly ScaleRun[]): string {
  const [small, large] = [runs[0], runs.at(-1)];
  return [
    `Machine: ${machine()}.`,
    table(
      [
        'environments',
        'composites',
        'managed',
        's to Ready',
        'calls',
        'MB in',
        'MB out',
        's a round',
        'etcd MB',
        'breaker',
      ],
      runs.map(({ environments, composites, managedResources, making, round, etcdBytes, breakerOpens }) => [
        environments,
        composites,
        managedResources,
        making.seconds.toFixed(1),
        making.calls,
        megabytes(making.bytesIn),
        megabytes(making.bytesOut),
        round.seconds.toFixed(1),
        megabytes(etcdBytes),
        `opened ${breakerOpens} times`,
      ]),
    ),
    ...runs.map(processes),
    ...(small === undefined || large === undefined || small === large ? [] : [extrapolation(small, large)]),
  ]
    .join('\n\n')
    .concat('\n');
}

function machine(): string {
  const model = cpus()[0]?.model ?? 'unknown processor';
  return `${cpus().length} × ${model}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, ${type()} ${release()}, Node ${process.version}, without fsync of etcd`;
}

function processes({ environments, making, round }: ScaleRun): string {
  const cells = ({ processorSeconds, residentBytes, bytes }: Usage): readonly string[] => [
    processorSeconds.toFixed(1),
    megabytes(residentBytes),
    megabytes(bytes),
  ];
  const of = (phase: Phase, name: string): readonly string[] => {
    const usage = phase.processes.get(name);
    return usage === undefined ? ['–', '–', '–'] : cells(usage);
  };
  return [
    `${environments} ${environments === 1 ? 'environment' : 'environments'}: processor seconds, resident MB, MB read and written`,
    table(
      ['process', 'making: s', 'MB', 'MB read, written', 'a round: s', 'MB', 'MB read, written'],
      [...making.processes.keys()].map((name) => [name, ...of(making, name), ...of(round, name)]),
    ),
  ].join('\n\n');
}

/** What one more resource costs between the smallest and the largest run, taken further in a straight line. */
function extrapolation(small: ScaleRun, large: ScaleRun): string {
  const more = large.managedResources - small.managedResources;
  const seconds = (run: ScaleRun, name: string): number => run.round.processes.get(name)?.processorSeconds ?? 0;
  const row = (environments: number): readonly (string | number)[] => {
    const resources = environments * FULL_ENVIRONMENT;
    const cores = (name: string): string =>
      ((((seconds(large, name) - seconds(small, name)) / more) * resources) / ROUND_SECONDS).toFixed(2);
    const etcd = small.etcdBytes + ((large.etcdBytes - small.etcdBytes) / more) * resources;
    return [environments, resources, ...['apiserver', 'etcd', 'core', 'function'].map(cores), megabytes(etcd)];
  };
  return [
    `Processors in use at rest (a round every ${ROUND_SECONDS} s) and etcd's data, at ${FULL_ENVIRONMENT} managed resources an environment: a straight line through the smallest and the largest run.`,
    table(
      ['environments', 'managed', 'API server', 'etcd', 'core', 'function', 'etcd MB'],
      [row(1), row(20), row(100), row(1000)],
    ),
  ].join('\n\n');
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
