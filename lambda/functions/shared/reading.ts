import type { Profile } from '../../contract/entities/index.ts';
import type { Standpoint } from '../../data/stores/index.ts';
import { mayRead } from '../../domain/discussion.ts';

/** Whether a user may read a discussion now, and so hear of it: the rule of REST, for connections that are open already. */
export function mayHear(profile: Profile | undefined, standpoint: Standpoint | undefined): boolean {
  if (profile === undefined || standpoint === undefined) return false;
  const barred = profile.standing.state === 'banned' || profile.standing.state === 'closed';
  return !barred && standpoint.discussion.state !== 'deleted' && mayRead(standpoint, profile);
}
