import { discussionOperations } from '../../contract/operations/index.ts';
import { discussionHandlers } from './discussions.ts';
import { memberHandlers } from './members.ts';
import type { ContentFilter } from '../content-filter.ts';
import { restHandler, type RestHandler } from '../rest/adapter.ts';
import type { PagingDependencies } from '../rest/dependencies.ts';

export interface DiscussionDependencies extends PagingDependencies {
  readonly filter: ContentFilter;
}

/** The function `discussion`. */
export function createDiscussion(dependencies: DiscussionDependencies): RestHandler {
  return restHandler(
    discussionOperations,
    { ...discussionHandlers(dependencies), ...memberHandlers(dependencies) },
    dependencies,
  );
}
