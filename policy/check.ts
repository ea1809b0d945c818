import type { KubernetesObject } from '../imports/base.ts';
import { exceptions } from './exceptions.ts';
import { kindOf } from './resources.ts';
import type { Rendered, Rule } from './rule.ts';
import { rules } from './rules/index.ts';

/** A resource that breaks a rule. */
export interface Breach {
  readonly rule: Rule;
  readonly resource: KubernetesObject;
  /** How suppressions and exceptions call the resource: `storage/website-bucket`. */
  readonly subject: string;
  /** What is wrong with it, to be read after "…, but". */
  readonly problem: string;
}

/** Everything in an environment that breaks a rule, but for the exceptions that hold in every environment. */
export function breaches(rendered: Rendered): readonly Breach[] {
  return allBreaches(rendered).filter(
    ({ rule, subject }) => !exceptions.some((one) => one.rule === rule.id && one.resource === subject),
  );
}

/** As `breaches`, exceptions included. */
export function allBreaches(rendered: Rendered): readonly Breach[] {
  const ours = rendered.resources.filter((resource) => !isOnlyObserved(resource));
  return rules.flatMap((rule) =>
    ours
      .filter((resource) => rule.kinds?.includes(kindOf(resource)) ?? true)
      .flatMap((resource) => {
        const problem = rule.check(resource, rendered);
        const subject = subjectOf(resource, rendered.environment);
        return problem === undefined ? [] : [{ rule, resource, subject, problem }];
      }),
  );
}

/** What is wrong with the resource, why that matters, and what to do, to be read behind the resource's name. */
export function breachSentence({ rule, subject, problem }: Breach): string {
  const { id, title, why, fix } = rule;
  return `breaks ${id}: ${title}, but ${problem}. Why: ${why}. Fix: ${fix}; or suppress it, as ${subject}, with a reason.`;
}

/** `<layer>/<name>`: the object's name without environment and layer, which stand before it. */
function subjectOf({ metadata }: KubernetesObject, environment: string): string {
  return metadata.name.replace(`${environment}-`, '').replace('-', '/');
}

/** What is adopted and only looked at is as another hand made it; nothing here could change it. */
function isOnlyObserved({ spec }: KubernetesObject): boolean {
  const policies = spec?.['managementPolicies'];
  return Array.isArray(policies) && policies.length === 1 && policies[0] === 'Observe';
}
