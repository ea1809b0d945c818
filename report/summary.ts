import { isObject } from '../crossplane/schema/json.ts';
import type { KubernetesObject } from '../imports/base.ts';
import { fixedCost } from '../plan/fixed-cost.ts';
import type { EnvironmentReport } from './layers.ts';

/** `summary.json`: what people and CI read after a run. */
export interface Summary {
  readonly environments: Readonly<Record<string, EnvironmentSummary>>;
  readonly milliseconds: number;
}

/** True for what a run wrote, though maybe another release did; a summary of another tool is none. */
export function isSummary(value: unknown): value is Summary {
  return isObject(value) && isObject(value['environments']);
}

export interface LayerSummary {
  readonly composites: number;
  readonly resources: number;
  readonly waiting: number;
  readonly findings: number;
  /** US dollars a month for what costs by existing; `null` when a part of it is not known. */
  readonly fixedUsdPerMonth: number | null;
  /** The same of the parts that are known: the least that it can be. */
  readonly knownUsdPerMonth: number;
  /** A sentence for each part of the cost that is not known. */
  readonly pricesNotKnown: readonly string[];
}

export interface EnvironmentSummary extends LayerSummary {
  readonly passes: number;
  readonly layers: Readonly<Record<string, LayerSummary>>;
}

/** The numbers of one environment. */
export function environmentSummary(report: EnvironmentReport): EnvironmentSummary {
  const layers = report.layers.map((layer): [string, LayerSummary] => [
    layer.name,
    {
      ...costOf(layer.resources),
      composites: layer.composites.length,
      resources: layer.resources.length,
      waiting: layer.waiting,
      findings: layer.findings.length,
    },
  ]);
  const sum = (key: 'resources' | 'waiting') => layers.reduce((total, [, layer]) => total + layer[key], 0);
  return {
    composites: report.composites.length,
    resources: sum('resources'),
    passes: report.passes,
    waiting: sum('waiting'),
    findings: report.findings.length,
    ...costOf(report.layers.flatMap(({ resources }) => resources)),
    layers: Object.fromEntries(layers),
  };
}

function costOf(
  resources: readonly KubernetesObject[],
): Pick<LayerSummary, 'fixedUsdPerMonth' | 'knownUsdPerMonth' | 'pricesNotKnown'> {
  const { usdPerMonth, knownUsdPerMonth, unknown } = fixedCost(resources);
  return { fixedUsdPerMonth: usdPerMonth ?? null, knownUsdPerMonth, pricesNotKnown: unknown };
}
