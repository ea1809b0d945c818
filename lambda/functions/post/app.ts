import { postOperations } from '../../contract/operations/index.ts';
import type { ContentFilter } from '../content-filter.ts';
import { restHandler, type RestHandler } from '../rest/adapter.ts';
import type { PagingDependencies } from '../rest/dependencies.ts';
import { postHandlers } from './posts.ts';
import { reactionHandlers } from './reactions.ts';

export interface PostDependencies extends PagingDependencies {
  readonly filter: ContentFilter;
}

/** The function `post`. */
export function createPost(dependencies: PostDependencies): RestHandler {
  return restHandler(
    postOperations,
    { ...postHandlers(dependencies), ...reactionHandlers(dependencies) },
    dependencies,
  );
}
