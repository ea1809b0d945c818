import { namespaceOf } from '../crossplane/definition/context.ts';
import { remainsOf } from '../plan/remains.ts';
import { remainsText } from '../report/remains.ts';
import { NoAnswer } from './errors.ts';
import { objectsFromCluster, objectsFromFiles } from './managed-objects.ts';

export interface RemainsOptions {
  readonly context?: string | undefined;
  /** File or folder of managed resources, `-` for stdin; the cluster is asked unless it is there. */
  readonly objects?: string | undefined;
  readonly output: 'text' | 'json';
}

/**
 * Says which resources of an environment its deletion leaves, and why: before it is asked for, while it is under way, and
 * when all composites are gone. Changes nothing, and needs no file of the environment. Exit code 1 when something stays.
 */
export async function remains(environment: string, { context, objects: path, output }: RemainsOptions): Promise<void> {
  if (context !== undefined && path !== undefined) throw new NoAnswer(['--context and --objects exclude each other.']);
  const objects = path === undefined ? await objectsFromCluster(context) : await objectsFromFiles(path);
  const its = objects.filter(({ metadata }) => metadata.namespace === namespaceOf(environment));
  const report = { environment, ...remainsOf(its) };
  process.stdout.write(`${output === 'json' ? JSON.stringify(report, null, 2) : remainsText(report)}\n`);
  if (report.remaining.length > 0) process.exitCode = 1;
}
