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
    for (const [layer, { composites, resources, waiting, findings, fixedUsdPerMonth }] of Object.entries(
      whole.layers,
    )) {
      table.push([name, layer, composites, resources, whole.passes, waiting, findings, usd(fixedUsdPerMonth)]);
    }
    const { composites, resources, passes, waiting, findings, fixedUsdPerMonth } = whole;
    table.push([name, 'all', composites, resources, passes, waiting, findings, usd(fixedUsdPerMonth)]);
  }
  const gaps = Object.entries(environments).flatMap(([name, { pricesNotKnown }]) =>
    pricesNotKnown.map((sentence) => `${name}: ${sentence}`),
  );
  return [table.toString(), ...gaps].join('\n');
}

function usd(amount: LayerSummary['fixedUsdPerMonth']): string {
  return amount === null ? 'not known' : amount.toFixed(2);
}
