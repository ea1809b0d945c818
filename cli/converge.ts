import { environmentSummary } from '../report/summary.ts';
import { summaryTable } from '../report/table.ts';
import { missingRemovals, takeOvers, takeOverText } from './against.ts';
import { loadEnvironments, selectEnvironments } from './environments.ts';
import { UserError } from './errors.ts';
import { objectsFromFiles } from './managed-objects.ts';
import { convergeEnvironment, refuseFindings } from './rendering.ts';
import { openToolchain } from './toolchain.ts';

/** What a person asks for beside the environment. */
export interface ConvergeOptions {
  readonly json?: true | undefined;
  /** File or folder of managed resources, or `-` for stdin. */
  readonly against?: string | undefined;
}

/**
 * Shows how one environment ends, and what taking over the recorded resources changes in AWS; findings are errors. Writes
 * no file.
 */
export async function converge(name: string, { json, against }: ConvergeOptions): Promise<void> {
  const toolchain = openToolchain();
  const [environment] = selectEnvironments(loadEnvironments(toolchain.schemas, toolchain.release), [name]);
  if (environment === undefined) throw new UserError([`There is no environment ${name}.`]);
  const observed = against === undefined ? undefined : await objectsFromFiles(against);
  const converged = convergeEnvironment(environment, toolchain);
  const { report, ready } = converged;
  const summary = environmentSummary(report);
  const findings = report.findings.map(({ composite, resource, path, rule, received, message }) => ({
    composite,
    resource,
    path,
    rule,
    received,
    message,
  }));
  const takeOver = observed === undefined ? undefined : takeOvers(environment, observed, toolchain);
  process.stdout.write(
    json === true
      ? `${JSON.stringify({ environment: name, ready, ...summary, findings, ...(takeOver && { takeOver }) }, null, 2)}\n`
      : `${[summaryTable({ [name]: summary }), ...converged.suppressed, ...(takeOver ? [takeOverText(takeOver)] : [])].join('\n')}\n`,
  );
  refuseFindings([converged], toolchain);
  const missing = observed === undefined ? [] : missingRemovals(environment, observed, toolchain.schemas);
  if (missing.length > 0) throw new UserError(missing);
}
