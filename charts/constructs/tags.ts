import type { IConstruct } from 'constructs';
import { contextOf } from '../../crossplane/definition/chart.ts';
import { keptDays, retentionClasses, type RetentionClass } from '../../lambda/contract/retention.ts';

/** Tags of what keeps the application's data, beside those of all resources: its class, and how long that is kept. */
export function dataTags(construct: IConstruct, dataClass: RetentionClass): Readonly<Record<string, string>> {
  const { after } = retentionClasses[dataClass];
  const retention = `${keptDays(dataClass, contextOf(construct).tier)} days after ${after}`;
  return { 'data-class': dataClass, retention };
}
