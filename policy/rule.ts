import type { KubernetesObject } from '../imports/base.ts';
import type { SchemaRegistry } from '../crossplane/schema/registry.ts';

/** The managed resources of one environment as they end, and what a rule must know of the environment. */
export interface Rendered {
  readonly resources: readonly KubernetesObject[];
  /** Name of the environment. */
  readonly environment: string;
  /** AWS account id, 12 digits. */
  readonly account: string;
  /** Whether the environment protects what holds data (law 4). */
  readonly protectsData: boolean;
  readonly schemas: SchemaRegistry;
}

/** An environment made up for a rule: resources that the rule is content with, or finds fault with. */
export type Case = Pick<Rendered, 'resources'> & Partial<Pick<Rendered, 'protectsData'>>;

/** One thing that must hold for every resource of some kinds. Each stands in a file of its own in `policy/rules/`. */
export interface Rule {
  /** `OWL-<service>-<number>`: what suppressions and exceptions name. Never given to another rule. */
  readonly id: string;
  /** What must hold, as a sentence without a full stop. */
  readonly title: string;
  /** What happens otherwise. */
  readonly why: string;
  /** What to change. */
  readonly fix: string;
  /** Security Hub's controls that it stands for; empty for what is our own advice. */
  readonly controls: readonly string[];
  /** What it is about, as `<Kind>.<service>`; absent for a rule about every kind. */
  readonly kinds?: readonly string[];
  /** What is wrong with a resource, to be read after "…, but"; undefined when nothing is. */
  check(resource: KubernetesObject, rendered: Rendered): string | undefined;
  /** Both cases: `npm test` runs the rule over each. */
  readonly cases: { readonly good: readonly Case[]; readonly bad: readonly Case[] };
}
