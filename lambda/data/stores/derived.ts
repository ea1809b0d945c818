import type { DiscussionStatistics, File, Post, PostStatistics, UserCounters } from '../../contract/entities/index.ts';

type Amounts<T> = { readonly [Name in keyof T]?: number };

/** What one event adds to one target. */
export type Addition =
  | { readonly to: 'post'; readonly postId: string; readonly amounts: Amounts<Omit<PostStatistics, 'postId'>> }
  | {
      readonly to: 'discussion';
      readonly discussionId: string;
      /** `TOTAL`, or `DAY#` and a date. */
      readonly period: string;
      readonly amounts: Amounts<DiscussionStatistics>;
    }
  | { readonly to: 'user'; readonly userId: string; readonly amounts: Amounts<Omit<UserCounters, 'userId'>> }
  | { readonly to: 'day'; readonly date: string; readonly name: string; readonly amounts: { readonly count: number } };

export interface Counted {
  readonly eventId: string;
  readonly additions: readonly Addition[];
}

/** What follows from other items, written by consumers. Doing anything twice, or late, ends in the same state. */
export interface DerivedStore {
  /** Adds what each event adds, once however often it comes: one write a target for all events together. */
  count(consumer: string, events: readonly Counted[], at: string): Promise<void>;
  /** Whether the consumer has marked the event as done. */
  isDone(consumer: string, eventId: string): Promise<boolean>;
  markDone(consumer: string, eventId: string, at: string): Promise<void>;
  /** Moves the discussion up in its active lists, never down. @param minute `2026-11-25T05:17` */
  setActive(discussionId: string, minute: string): Promise<void>;
  /** Puts the post where its reactions want it among the best of its point, or takes it out. */
  rank(pointId: string, postId: string): Promise<void>;
}

/** Deletes, page by page, what belonged to something that is gone. */
export interface PurgeStore {
  /** All of a discussion but its posts, and the posts themselves: their children follow with their own events. */
  discussion(discussionId: string): Promise<void>;
  /** All of a post; its attachments are marked as deleted. */
  post(post: Post, at: string): Promise<void>;
  /** All of a user but what others read: posts stay. */
  user(userId: string): Promise<void>;
  /** Gives the room of a file that has expired back to the quota, once. */
  file(file: File, eventId: string, at: string): Promise<void>;
}
