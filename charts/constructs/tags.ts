import type { Context } from '../../crossplane/definition/context.ts';
import { keptDays, retentionClasses, type RetentionClass } from '../../lambda/contract/retention.ts';

/**
 * Tags of an AWS resource; ours win over those of the config. `application`, `environment` and `component` are meant
 * as cost allocation tags (to be activated once in the account that pays).
 * @param component the part of the application that the bill should show by itself: `table`, `files`
 */
export function tagsOf(context: Context, component: string): Readonly<Record<string, string>> {
  return { ...context.tags, application: 'owlnest', environment: context.environment, component };
}

/** As `tagsOf`, of what keeps the application's data: also its class, and how long that is kept. */
export function dataTagsOf(
  context: Context,
  component: string,
  dataClass: RetentionClass,
): Readonly<Record<string, string>> {
  const { after } = retentionClasses[dataClass];
  const retention = `${keptDays(dataClass, context.tier)} days after ${after}`;
  return { ...tagsOf(context, component), 'data-class': dataClass, retention };
}
