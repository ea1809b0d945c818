import type { Discussion } from '../../contract/entities/index.ts';
import type { DiscussionDetail } from '../../contract/schemas/discussion.ts';
import type { Standpoint, Stores } from '../../data/stores/index.ts';
import { checkManages, discussionDetailView, readable } from '../../domain/discussion.ts';
import type { Reader } from '../../domain/permissions.ts';
import { Problem } from '../../domain/problem.ts';

/** The discussion and how the reader stands to it. @throws Problem `not-found`, `deleted`. */
export async function read(stores: Stores, discussionId: string, reader: Reader): Promise<Standpoint> {
  return readable(await stores.discussions.standpoint(discussionId, reader.userId), reader);
}

/** The same for somebody who manages it. @throws Problem `not-found`, `deleted`, `forbidden`. */
export async function managed(stores: Stores, discussionId: string, reader: Reader): Promise<Standpoint> {
  const standpoint = await read(stores, discussionId, reader);
  checkManages(standpoint, reader);
  return standpoint;
}

/** The same under the version that the caller has read. @throws Problem `version-conflict` */
export async function managedAt(
  stores: Stores,
  discussionId: string,
  reader: Reader,
  version: number,
): Promise<Standpoint> {
  const standpoint = await managed(stores, discussionId, reader);
  if (standpoint.discussion.version !== version) throw new Problem('version-conflict');
  return standpoint;
}

/** The detail as the reader sees it. `discussion` stands in for the stored one, which an answer may be ahead of. */
export async function detailOf(
  stores: Stores,
  standpoint: Standpoint,
  reader: Reader,
  now: Date,
  discussion: Discussion = standpoint.discussion,
): Promise<DiscussionDetail> {
  const [whole, owner] = await Promise.all([
    stores.discussions.whole(discussion.discussionId),
    stores.users.profile(discussion.ownerId, 'eventual'),
  ]);
  if (whole === undefined) throw new Problem('not-found');
  const { points, knowledge, statistics } = whole;
  const parts = { standpoint: { ...standpoint, discussion }, points, knowledge, statistics, owner };
  return discussionDetailView(parts, reader, now);
}
