import type { KubernetesObject } from '../../imports/base.ts';
import { canonicalText } from '../schema/json.ts';

/** Declared resources of all plans that are kept: some 4 kB each. */
const MOST_RESOURCES = 5_000;

/**
 * Keeps what charts have declared. A chart is a function of the composite's spec and name alone (law 1), and while a
 * composite converges or rests, pass after pass has the same: the chart need not run again. What was asked for longest ago
 * goes first.
 */
export class KeptPlans<Built> {
  readonly #plans = new Map<string, Built>();
  readonly #most: number;
  #resources = 0;

  readonly #sizeOf: (built: Built) => number;

  /** @param sizeOf how many resources something that was built declares */
  constructor(sizeOf: (built: Built) => number, most = MOST_RESOURCES) {
    this.#sizeOf = sizeOf;
    this.#most = most;
  }

  /** What was kept for this composite, or what `build` gives. */
  get(composite: KubernetesObject, build: () => Built): Built {
    const key = keyOf(composite);
    const kept = this.#plans.get(key);
    const built = kept ?? build();
    if (kept !== undefined) this.#plans.delete(key);
    else this.#resources += this.#size(built);
    // Anew at the end: the first is then the one that was asked for longest ago.
    this.#plans.set(key, built);
    for (const [oldest, plan] of this.#plans) {
      if (this.#resources <= this.#most || oldest === key) break;
      this.#plans.delete(oldest);
      this.#resources -= this.#size(plan);
    }
    return built;
  }

  /** What declares nothing costs little, and yet something. */
  #size(built: Built): number {
    return this.#sizeOf(built) + 1;
  }
}

/** All that a chart is built from, and nothing that changes from pass to pass. */
function keyOf({ apiVersion, kind, metadata, spec }: KubernetesObject): string {
  const { name, namespace, annotations } = metadata;
  // Core sends the keys of a map in any order.
  return canonicalText([apiVersion, kind, namespace ?? null, name, annotations ?? null, spec ?? null]);
}
