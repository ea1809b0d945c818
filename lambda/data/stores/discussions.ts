import type {
  AccessEntry,
  Discussion,
  DiscussionStatistics,
  Knowledge,
  LogEntry,
  Moderator,
  Participant,
  Point,
} from '../../contract/entities/index.ts';
import type { Change, Page, PageRequest } from './page.ts';

/** A discussion and all that a reader of it sees at once. */
export interface DiscussionWhole {
  readonly discussion: Discussion;
  readonly points: readonly Point[];
  readonly knowledge: readonly Knowledge[];
  readonly statistics: DiscussionStatistics;
}

/** A discussion and how one user stands to it: what the permission table of the application asks for. */
export interface Standpoint {
  readonly discussion: Discussion;
  readonly moderator: boolean;
  /** Whether the user is on the access list, admitted or barred. */
  readonly listed: boolean;
  readonly participant?: Participant;
}

/** A discussion as lists show it. */
export interface ListedDiscussion {
  readonly discussion: Discussion;
  readonly statistics: DiscussionStatistics;
}

/** Which discussions to list: of a listing (a leaf, its parent, `all`, or `tag:<tag>`), or by how a user stands to them. */
export type DiscussionList =
  | { readonly by: 'listing'; readonly listing: string; readonly sort: 'active' | 'new' }
  | { readonly by: 'owner' | 'moderator' | 'member'; readonly userId: string };

export interface DiscussionStore {
  /**
   * Makes a discussion with its points, knowledge and listings, in one transaction. Files of knowledge must be clean and
   * the owner's, and belong to the discussion from then on.
   * @throws Refusal `exists`; `state` (file).
   */
  create(
    whole: {
      discussion: Discussion;
      points: readonly Point[];
      knowledge: readonly Knowledge[];
      listings: readonly string[];
    },
    change: Change,
  ): Promise<void>;

  /** The discussion as it is now (strong), deleted ones included. */
  discussion(discussionId: string): Promise<Discussion | undefined>;

  whole(discussionId: string): Promise<DiscussionWhole | undefined>;

  /** The discussion and how the user stands to it (strong). */
  standpoint(discussionId: string, userId: string): Promise<Standpoint | undefined>;

  /** The same for several discussions, in no order; what is not there is left out. At most 25. */
  standpoints(discussionIds: readonly string[], userId: string): Promise<readonly Standpoint[]>;

  points(discussionId: string): Promise<readonly Point[]>;

  /**
   * Replaces fields, state and flags of a discussion; `listings` are those it shall be in from now on (none where it is
   * restricted, archived or deleted). An `entry` goes to the action log in the same transaction.
   * @throws Refusal `version`, `missing`.
   */
  update(
    input: { discussion: Discussion; listings: readonly string[]; entry?: LogEntry },
    change: Change,
  ): Promise<Discussion>;

  /**
   * Replaces the points, under the discussion's version. Ids stay; a point that is left out is deleted.
   * @throws Refusal `version`, `missing` (discussion); `state` (point: it has posts).
   */
  replacePoints(discussion: Discussion, points: readonly Point[], change: Change): Promise<Discussion>;

  /** Replaces the knowledge, under the discussion's version. @throws Refusal `version`, `missing`; `state` (file). */
  replaceKnowledge(discussion: Discussion, knowledge: readonly Knowledge[], change: Change): Promise<Discussion>;

  list(list: DiscussionList, page: PageRequest): Promise<Page<ListedDiscussion>>;

  /** Adds to the access list; who is on it stays. @returns whether it was added. @throws Refusal `limit` at 1000; `missing`. */
  addAccess(entry: AccessEntry, change: Change): Promise<boolean>;
  /** @returns whether the user was on the list. */
  removeAccess(discussionId: string, userId: string, change: Change): Promise<boolean>;
  /** The access list, by user id. */
  accessList(discussionId: string, page: PageRequest): Promise<Page<AccessEntry>>;

  /** Appoints; who is one stays. @returns whether it was new. @throws Refusal `limit` at 10; `missing`. */
  addModerator(moderator: Moderator, change: Change): Promise<boolean>;
  removeModerator(discussionId: string, userId: string, change: Change): Promise<boolean>;
  moderators(discussionId: string): Promise<readonly Moderator[]>;
}
