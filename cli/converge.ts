import { environmentSummary } from '../report/summary.ts';
import { summaryTable } from '../report/table.ts';
import { loadEnvironments, selectEnvironments } from './environments.ts';
import { UserError } from './errors.ts';
import { convergeEnvironment, refuseFindings } from './rendering.ts';
import { openWorkshop } from './workshop.ts';

/** Shows how one environment ends; findings are errors. Writes no file. */
export function converge(name: string, json: boolean): void {
  const workshop = openWorkshop();
  const [environment] = selectEnvironments(loadEnvironments(workshop.schemas, workshop.release), [name]);
  if (environment === undefined) throw new UserError([`There is no environment ${name}.`]);
  const converged = convergeEnvironment(environment, workshop);
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
  process.stdout.write(
    json
      ? `${JSON.stringify({ environment: name, ready, ...summary, findings }, null, 2)}\n`
      : `${[summaryTable({ [name]: summary }), ...converged.suppressed].join('\n')}\n`,
  );
  refuseFindings([converged], workshop);
}
