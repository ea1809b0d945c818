import type { Post } from '../../contract/entities/index.ts';
import type { PostDetail } from '../../contract/schemas/post.ts';
import type { PostInContext, Standpoint, Stores } from '../../data/stores/index.ts';
import { fileReferenceView } from '../../domain/file.ts';
import type { Reader } from '../../domain/permissions.ts';
import { postDetailView, readablePost } from '../../domain/post.ts';
import { Problem } from '../../domain/problem.ts';

/** A post and how the reader stands to its discussion. */
export interface ReadPost {
  readonly post: Post;
  readonly standpoint: Standpoint;
}

/** @throws Problem `not-found`, `deleted`. */
export async function readPost(stores: Stores, postId: string, reader: Reader): Promise<ReadPost> {
  const post = await stores.posts.post(postId);
  const standpoint = post && (await stores.discussions.standpoint(post.discussionId, reader.userId));
  if (standpoint === undefined) throw new Problem('not-found');
  return { post: readablePost(post, standpoint, reader), standpoint };
}

/** The detail as the reader sees it. */
export async function detailOf(
  stores: Stores,
  parts: PostInContext,
  standpoint: Standpoint,
  reader: Reader,
  now: Date,
): Promise<PostDetail> {
  const { attachments } = parts.post;
  const files = attachments.length === 0 ? [] : await stores.files.files(attachments);
  const shown = attachments.flatMap((id) => files.find(({ fileId }) => fileId === id) ?? []).map(fileReferenceView);
  return postDetailView(parts, shown, standpoint, reader, now);
}
