import Table from 'cli-table3';
import type { EnvironmentSummary, LayerSummary } from './summary.ts';

const COLUMNS = [
  'environment',
  'layer',
  'composites',
  'managed resources',
  'passes',
  'waiting',
  'findings',
  'fixed USD a month',
];

/**
 * The table at the end of a run: one line a layer, and one for each environment as a whole. Below it stands which
 * prices are not known.
 */
export function summaryTable(environments: Readonly<Record<string, EnvironmentSummary>>): string {
  const table = new Table({
    head: COLUMNS,
    colAligns: ['left', 'left', 'right', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  for (const [name, whole] of Object.entries(environments)) {
    for (const [layer, numbers] of Object.entries(whole.layers)) {
      const { composites, resources, waiting, findings } = numbers;
      table.push([name, layer, composites, resources, whole.passes, waiting, findings, usd(numbers)]);
    }
    const { composites, resources, passes, waiting, findings } = whole;
    table.push([name, 'all', composites, resources, passes, waiting, findings, usd(whole)]);
  }
  const gaps = Object.entries(environments).flatMap(([name, { pricesNotKnown }]) =>
    pricesNotKnown.map((sentence) => `${name}: ${sentence}`),
  );
  return [table.toString(), ...gaps].join('\n');
}

/** The least that it can be says more than nothing, as long as something of it is known. */
function usd({ fixedUsdPerMonth, knownUsdPerMonth }: LayerSummary): string {
  if (fixedUsdPerMonth !== null) return fixedUsdPerMonth.toFixed(2);
  return knownUsdPerMonth > 0 ? `≥ ${knownUsdPerMonth.toFixed(2)}` : 'not known';
}
