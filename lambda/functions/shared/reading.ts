import type { Profile } from '../../contract/entities/index.ts';
import type { Standpoint } from '../../data/stores/index.ts';

/** Whether a user may read a discussion now, and so hear of it: the rule of REST, for connections that are open already. */
export function mayHear(profile: Profile | undefined, standpoint: Standpoint | undefined): boolean {
  if (profile === undefined || standpoint === undefined) return false;
  if (profile.standing.state === 'banned' || profile.standing.state === 'closed') return false;
  const { discussion, moderator, listed } = standpoint;
  if (discussion.state === 'deleted') return false;
  const passes = discussion.ownerId === profile.userId || moderator || profile.role === 'admin';
  return discussion.visibility === 'members' || passes || listed;
}
