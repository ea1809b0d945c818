import { describe, expect, it } from '@jest/globals';
import type { LayerSummary } from '../../report/summary.ts';
import { summaryTable } from '../../report/table.ts';

/** The table of one environment with one layer, as lines of cells; then what stands below it. */
function tableOf(cost: Pick<LayerSummary, 'fixedUsdPerMonth' | 'knownUsdPerMonth' | 'pricesNotKnown'>): {
  readonly last: readonly string[];
  readonly below: readonly string[];
} {
  const layer: LayerSummary = { composites: 6, resources: 47, waiting: 0, findings: 0, ...cost };
  const lines = summaryTable({ osaka: { ...layer, passes: 8, layers: { storage: layer } } }).split('\n');
  const rows = lines.filter((line) => line.startsWith('│')).slice(1);
  return {
    last: rows.map((row) => row.split('│').at(-2)?.trim() ?? ''),
    below: lines.filter((line) => !/^[┌├│└]/.test(line)),
  };
}

describe('the fixed cost in the table', () => {
  it('is a sum of cents where all of it is known', () => {
    expect(tableOf({ fixedUsdPerMonth: 7.1, knownUsdPerMonth: 7.1, pricesNotKnown: [] })).toEqual({
      last: ['7.10', '7.10'],
      below: [],
    });
  });

  it('is the least that it can be where a price is not known, and says below which', () => {
    expect(tableOf({ fixedUsdPerMonth: null, knownUsdPerMonth: 4, pricesNotKnown: ['Alarms?', 'Rules?'] })).toEqual({
      last: ['≥ 4.00', '≥ 4.00'],
      below: ['osaka: Alarms?', 'osaka: Rules?'],
    });
  });

  it('is not known where nothing of it is', () => {
    expect(tableOf({ fixedUsdPerMonth: null, knownUsdPerMonth: 0, pricesNotKnown: ['Alarms?'] }).last).toEqual([
      'not known',
      'not known',
    ]);
  });
});
