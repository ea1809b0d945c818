import { postStatistics, type Post } from '../../contract/entities/index.ts';
import type { Page, PageRequest, PostInContext, PostList, PostStore } from '../stores/index.ts';
import {
  pointPartition,
  postPartition,
  posts,
  postsOfDiscussion,
  reactions,
  statisticsOfPosts,
  topLists,
} from './kinds-of-posts.ts';
import { authorReferences, profiles } from './kinds-of-users.ts';
import { pageOf, type ListInput } from './lists.ts';
import type { Key } from './row.ts';
import type { Found, Table } from './table.ts';

/** A filtered list reads on over at most so many pages. */
const MOST_INNER_PAGES = 5;

/** Posts with statistics, the reader's reaction and the author: one batch for up to 33 posts. */
export async function inContext(
  table: Table,
  found: readonly Post[],
  readerId: string,
): Promise<readonly PostInContext[]> {
  const beside = await table.getMany(found.flatMap((post) => keysBeside(post.postId, readerId, post.authorId)));
  return found.map((post) => contextOf(post, beside, readerId));
}

function keysBeside(postId: string, readerId: string, authorId: string): Key[] {
  return [
    statisticsOfPosts.key({ postId }),
    reactions.key({ postId, userId: readerId }),
    profiles.key({ userId: authorId }),
  ];
}

function contextOf(post: Post, found: Found, readerId: string): PostInContext {
  const { postId, authorId } = post;
  const own = found.get(reactions, { postId, userId: readerId });
  const author = found.get(profiles, { userId: authorId });
  return {
    post,
    statistics: found.get(statisticsOfPosts, { postId }) ?? postStatistics.parse({ postId }),
    ...(own === undefined ? {} : { ownReaction: own.kind }),
    ...(author === undefined ? {} : { author }),
  };
}

/** Pages of posts. */
export function postLists(table: Table): PostStore['list'] {
  return async (list, page, readerId, shows) => {
    const shown: Post[] = [];
    const answer = async (next: string | undefined): Promise<Page<PostInContext>> => ({
      items: await inContext(table, shown, readerId),
      ...(next === undefined ? {} : { next }),
    });
    let after = page.after;
    for (let inner = 0; inner < MOST_INNER_PAGES; inner++) {
      const { items, next } = await innerPage(table, list, {
        limit: page.limit,
        ...(after === undefined ? {} : { after }),
      });
      for (const [at, { post, position }] of items.entries()) {
        if (shows(post)) shown.push(post);
        const more = next !== undefined || at < items.length - 1;
        if (shown.length === page.limit) return answer(more ? position : undefined);
      }
      if (next === undefined) return answer(undefined);
      after = next;
    }
    return answer(after);
  };
}

interface Positioned {
  readonly post: Post;
  readonly position: string;
}

async function innerPage(table: Table, list: PostList, page: PageRequest): Promise<Page<Positioned>> {
  if (list.by === 'author')
    return byReference(table, { partitions: [authorPartition(list.userId)], newestFirst: true }, page);
  if (list.by === 'replies') {
    const replies = { partitions: [postPartition(list.postId)], newestFirst: false, prefix: 'REPLY#' };
    return byReference(table, replies, page);
  }
  if (list.order === 'top') return byScore(table, list.pointId, page);
  const { items, ...rest } = await pageOf(table, indexOf(list), page);
  const found = items.flatMap((item) => table.parse(posts, item) ?? []);
  return { items: found.map((post) => ({ post, position: post.postId })), ...rest };
}

function authorPartition(userId: string): string {
  return authorReferences.key({ userId, postId: '' }).PK;
}

function indexOf(list: Extract<PostList, { order: string }>): ListInput {
  const newestFirst = list.order === 'new';
  return list.by === 'discussion'
    ? { partitions: [postsOfDiscussion(list.discussionId)], index: 'GSI1', newestFirst }
    : { partitions: [pointPartition(list.pointId)], index: 'GSI2', newestFirst };
}

async function byReference(table: Table, list: ListInput, page: PageRequest): Promise<Page<Positioned>> {
  const { items, ...rest } = await pageOf(table, list, page);
  const references = items.map((item) => ({ postId: String(item['postId']), position: String(item['SK']) }));
  return { items: await read(table, references), ...rest };
}

/** The best posts of a point; a position is a rank. */
async function byScore(table: Table, pointId: string, page: PageRequest): Promise<Page<Positioned>> {
  const top = await table.get(topLists, { pointId }, false);
  const from = Number(page.after ?? '0');
  const entries = top?.entries ?? [];
  const part = entries.slice(from, from + page.limit);
  const references = part.map(({ postId }, at) => ({ postId, position: String(from + at + 1) }));
  const next = from + part.length;
  return { items: await read(table, references), ...(next < entries.length ? { next: String(next) } : {}) };
}

async function read(
  table: Table,
  references: readonly { readonly postId: string; readonly position: string }[],
): Promise<Positioned[]> {
  const found = await table.getMany(references.map(({ postId }) => posts.key({ postId })));
  return references.flatMap(({ postId, position }) => {
    const post = found.get(posts, { postId });
    return post === undefined ? [] : [{ post, position }];
  });
}
