import type {
  Point,
  Post,
  PostStatistics,
  Profile,
  Reaction,
  ReactionKind,
  Revision,
} from '../../contract/entities/index.ts';
import type { Change, Page, PageRequest } from './page.ts';

/** A post with what lists and details show beside it, for the user who reads. */
export interface PostInContext {
  readonly post: Post;
  readonly statistics: PostStatistics;
  readonly ownReaction?: ReactionKind;
  /** Absent once the account is erased. */
  readonly author?: Profile;
}

/** Which posts to list. */
export type PostList =
  | { readonly by: 'discussion'; readonly discussionId: string; readonly order: 'new' | 'old' }
  | { readonly by: 'point'; readonly pointId: string; readonly order: 'new' | 'old' | 'top' }
  | { readonly by: 'author'; readonly userId: string }
  | { readonly by: 'replies'; readonly postId: string };

export interface PostStore {
  /**
   * Makes a post with its references, the author's place as participant, and the claim on its attachments, in one
   * transaction. `point` as it was read: the first post marks it as having posts.
   * @throws Refusal `exists` (post); `missing` (point); `state` (file: not clean, not the author's, or already attached).
   */
  create(post: Post, point: Point, change: Change): Promise<void>;

  /** The post as it is now (strong), deleted ones included until they are purged. */
  post(postId: string): Promise<Post | undefined>;

  /** Posts by id, in no order; what is not there is left out. */
  posts(postIds: readonly string[]): Promise<readonly Post[]>;

  inContext(postId: string, readerId: string): Promise<PostInContext | undefined>;

  /**
   * A page of posts that `shows` lets through, read on over at most five inner pages until it is full.
   * @param shows whether the reader may see the post, and whether it fits the filter.
   */
  list(
    list: PostList,
    page: PageRequest,
    readerId: string,
    shows: (post: Post) => boolean,
  ): Promise<Page<PostInContext>>;

  /**
   * Replaces a post; where `revision` is given what it said before is kept, the last ten. Attachments that are new are
   * claimed, those left out are let go.
   * @throws Refusal `version`, `missing` (post); `state` (file).
   */
  update(before: Post, after: Post, revision: Revision | undefined, change: Change): Promise<Post>;

  /** Newest first. */
  revisions(postId: string): Promise<readonly Revision[]>;

  /** Sets the user's reaction, in place of any other. @returns the one before. The caller has read the post. */
  react(reaction: Reaction, change: Change): Promise<ReactionKind | undefined>;
  /** @returns the reaction that was taken back, if there was one. */
  unreact(postId: string, userId: string): Promise<ReactionKind | undefined>;
  reactions(postId: string, page: PageRequest): Promise<Page<Reaction>>;
  statistics(postId: string): Promise<PostStatistics>;
}
