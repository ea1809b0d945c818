import { isObject } from '../crossplane/schema/json.ts';
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
      composites: layer.composites.length,
      resources: layer.resources.length,
      waiting: layer.waiting,
      findings: layer.findings.length,
    },
  ]);
  const sum = (key: keyof LayerSummary) => layers.reduce((total, [, layer]) => total + layer[key], 0);
  return {
    composites: report.composites.length,
    resources: sum('resources'),
    passes: report.passes,
    waiting: sum('waiting'),
    findings: report.findings.length,
    layers: Object.fromEntries(layers),
  };
}
