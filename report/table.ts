import Table from 'cli-table3';
import type { EnvironmentSummary } from './summary.ts';

const COLUMNS = ['environment', 'layer', 'composites', 'managed resources', 'passes', 'waiting', 'findings'];

/** The table at the end of a run: one line a layer, and one for each environment as a whole. */
export function summaryTable(environments: Readonly<Record<string, EnvironmentSummary>>): string {
  const table = new Table({
    head: COLUMNS,
    colAligns: ['left', 'left', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  for (const [name, whole] of Object.entries(environments)) {
    for (const [layer, { composites, resources, waiting, findings }] of Object.entries(whole.layers)) {
      table.push([name, layer, composites, resources, whole.passes, waiting, findings]);
    }
    table.push([name, 'all', whole.composites, whole.resources, whole.passes, whole.waiting, whole.findings]);
  }
  return table.toString();
}
