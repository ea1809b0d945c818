import { nearest } from '../crossplane/schema/nearest.ts';
import type { Breach } from './check.ts';
import { rules } from './rules/index.ts';

/** An entry of `security.suppressions`: a breach that is meant to be, for a time. */
export interface Suppression {
  readonly rule: string;
  /** `<layer>/<name>`, as findings call the resource. */
  readonly resource: string;
  readonly reason: string;
  /** Last day on which it holds, as `2027-06-30`. */
  readonly expires: string;
}

/** What is left of the breaches, and what is wrong with the suppressions themselves. */
export interface Suppressed {
  readonly open: readonly Breach[];
  readonly suppressed: readonly Suppression[];
  /** Sentences that begin behind the name of the file. */
  readonly problems: readonly string[];
}

/**
 * Takes the suppressed breaches out. An entry that names no rule, whose time is over, or that suppresses nothing is a
 * problem: it would hide the next breach.
 * @param today the day on which this runs, as `2026-11-25`
 */
export function suppress(found: readonly Breach[], suppressions: readonly Suppression[], today: string): Suppressed {
  const holds = ({ expires }: Suppression) => today <= expires;
  const isMeant = (breach: Breach, { rule, resource }: Suppression) =>
    breach.rule.id === rule && breach.subject === resource;
  const problems = suppressions.flatMap((entry, index) => {
    const at = `security.suppressions[${index}]`;
    const { rule, resource, expires } = entry;
    if (!rules.some(({ id }) => id === rule)) {
      return [`${at}.rule is ${rule}, which is no rule; write one of docs/reference/policy.md${meant(rule)}.`];
    }
    if (!holds(entry)) {
      return [`${at} of ${rule} for ${resource} held until ${expires}; mend the resource, or write a later day.`];
    }
    if (!found.some((breach) => isMeant(breach, entry))) {
      return [`${at} suppresses nothing: ${resource} does not break ${rule}; remove the entry.`];
    }
    return [];
  });
  const valid = suppressions.filter(holds);
  return {
    open: found.filter((breach) => !valid.some((entry) => isMeant(breach, entry))),
    suppressed: valid.filter((entry) => found.some((breach) => isMeant(breach, entry))),
    problems,
  };
}

function meant(rule: string): string {
  const near = nearest(
    rule,
    rules.map(({ id }) => id),
  );
  return near === undefined ? '' : ` (did you mean ${near}?)`;
}
