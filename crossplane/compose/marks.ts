import type { KubernetesObject } from '../../imports/base.ts';
import type { Context } from '../definition/context.ts';
import {
  DATA_ENTRIES_ANNOTATION,
  HOLDS_DATA_LABEL,
  saysItHoldsData,
  UNPROTECT_ANNOTATION,
} from '../reference/marks.ts';
import { isList } from '../schema/json.ts';
import { show, type Violation } from '../schema/violation.ts';

/** Says that an annotation of ours on the object cannot be read: another hand has written it. */
export function unreadableMark(resource: string, annotation: string, text: string): Violation {
  const path = `metadata.annotations["${annotation}"]`;
  const message = `${path} of ${resource} is ${show(text)}, which OwlNest did not write and cannot read: remove the annotation.`;
  return { resource, path, rule: 'mark', received: text, message };
}

/**
 * The object as its chart declares it, with the marks of data that are on it already (law 4). A release that forgets a
 * mark takes no protection away: only `allowRemoval` does.
 * @param observed the object as it was seen, if it exists
 */
export function withMarksOf(
  observed: KubernetesObject | undefined,
  declared: KubernetesObject,
  { protectData }: Context,
): KubernetesObject {
  if (observed === undefined || !protectData || !saysItHoldsData(observed) || saysItHoldsData(declared))
    return declared;
  const marks = [UNPROTECT_ANNOTATION, DATA_ENTRIES_ANNOTATION].flatMap((name) => {
    const text = observed.metadata.annotations?.[name];
    return text === undefined ? [] : [[name, text] as const];
  });
  const policies = declared.spec?.['managementPolicies'];
  return {
    ...declared,
    metadata: {
      ...declared.metadata,
      labels: { ...declared.metadata.labels, [HOLDS_DATA_LABEL]: 'true' },
      annotations: { ...Object.fromEntries(marks), ...declared.metadata.annotations },
    },
    spec: {
      ...declared.spec,
      ...(isList(policies) ? { managementPolicies: policies.filter((policy) => policy !== 'Delete') } : {}),
    },
  };
}
