import { groupOf } from '../crossplane/reference/identity.ts';
import type { KubernetesObject } from '../imports/base.ts';
import type { Charge } from '../kinds/facts.ts';
import { factsOf } from '../kinds/index.ts';
import { monthlyUsd, prices } from '../kinds/prices.ts';

/** What resources cost a month by existing. */
export interface FixedCost {
  /** US dollars, to the cent; `undefined` when a part of it is not known. */
  readonly usdPerMonth: number | undefined;
  /** US dollars of the parts that are known, to the cent: the least that it can be. */
  readonly knownUsdPerMonth: number;
  /** A sentence for each part that is not known. */
  readonly unknown: readonly string[];
}

/** Adds up what managed resources cost a month by existing. */
export function fixedCost(resources: readonly KubernetesObject[]): FixedCost {
  const unknown = new Set<string>();
  let usd = 0;
  for (const object of resources) {
    for (const { price, units, region } of chargesOf(object, unknown)) {
      const one = monthlyUsd(price, region);
      if (one === undefined) unknown.add(`The price of ${prices[price].what} in ${region} is not known.`);
      else usd += one * units;
    }
  }
  const knownUsdPerMonth = Math.round(usd * 100) / 100;
  return {
    usdPerMonth: unknown.size > 0 ? undefined : knownUsdPerMonth,
    knownUsdPerMonth,
    unknown: [...unknown].sort(),
  };
}

function chargesOf(object: KubernetesObject, unknown: Set<string>): readonly Charge[] {
  const charges = factsOf(object)?.charges;
  if (charges === undefined) {
    const [service = ''] = groupOf(object.apiVersion).split('.');
    unknown.add(`Whether a ${object.kind}.${service} costs by existing is not known.`);
  }
  return charges === undefined || charges === 'nothing' ? [] : charges(object);
}
