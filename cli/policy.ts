import { resourceId } from '../crossplane/reference/identity.ts';
import type { Finding } from '../crossplane/embedded/findings.ts';
import type { SchemaRegistry } from '../crossplane/schema/registry.ts';
import type { KubernetesObject } from '../imports/base.ts';
import { breaches, breachSentence, type Breach } from '../policy/check.ts';
import { suppress, type Suppression } from '../policy/suppressions.ts';
import { parentOf } from '../report/layers.ts';
import type { LoadedEnvironment } from './environments.ts';

/** What the rules of `policy/` say of one environment. */
export interface PolicyResult {
  readonly findings: readonly Finding[];
  /** What is wrong with the suppressions in the file, as sentences. */
  readonly problems: readonly string[];
  /** A sentence for each breach that is meant to be. */
  readonly suppressed: readonly string[];
}

/**
 * Runs the rules over an environment at rest.
 * @param objects everything that the environment becomes
 * @param today the day on which this runs, as `2026-11-25`: suppressions expire
 */
export function checkPolicy(
  { name, file, account, protectData, config }: LoadedEnvironment,
  objects: readonly KubernetesObject[],
  schemas: SchemaRegistry,
  today: string,
): PolicyResult {
  const resources = objects.filter((object) => schemas.find(object)?.provider !== undefined);
  const found = breaches({ resources, environment: name, account, protectsData: protectData, schemas });
  const { open, suppressed, problems } = suppress(found, config.security?.suppressions ?? [], today);
  return {
    findings: open.map(findingOf),
    problems: problems.map((problem) => `${file}: ${problem}`),
    suppressed: suppressed.map((entry) => `${name}: ${suppressedSentence(entry)}`),
  };
}

function findingOf(breach: Breach): Finding {
  const { resource, rule } = breach;
  const id = resourceId(resource, resource.metadata.name);
  return {
    composite: parentOf(resource) ?? id,
    resource: id,
    path: 'spec',
    rule: rule.id,
    received: null,
    message: `${id} ${breachSentence(breach)}`,
  };
}

function suppressedSentence({ rule, resource, reason, expires }: Suppression): string {
  return `${rule} is suppressed for ${resource} until ${expires}: ${reason.replace(/\.$/, '')}.`;
}
