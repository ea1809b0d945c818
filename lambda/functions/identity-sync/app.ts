import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { Profile, Role } from '../../contract/entities/index.ts';
import type { DomainEvent } from '../../contract/events.ts';
import type { Stores } from '../../data/stores/index.ts';
import { eachEvent, type ConsumerLog } from '../shared/consumer.ts';

/** The accounts of the user pool; a user who is not there is no error. */
export interface Directory {
  /** Leaves the user in the group of the role and in no other of ours; in none at all without a role. */
  setRole(userId: string, role: Role | undefined): Promise<void>;
  /** Ends all sessions. */
  signOut(userId: string): Promise<void>;
  remove(userId: string): Promise<void>;
}

const CONSUMER = 'identity-sync';

/**
 * Keeps the user pool equal to the profiles. It copies what the profile says now, not what the event says: so events may
 * come twice and in any order.
 */
export function createIdentitySync(deps: {
  readonly stores: Pick<Stores, 'users' | 'derived'>;
  readonly directory: Directory;
  readonly now: () => Date;
  readonly log: ConsumerLog;
}): (batch: SQSEvent) => Promise<SQSBatchResponse> {
  const { stores, directory } = deps;

  const handle = async (event: DomainEvent): Promise<void> => {
    if (event.type === 'user.removed') return directory.remove(event.before.userId);
    if (event.type !== 'user.updated') return;
    const { before, after } = event;
    const { userId } = after;
    const moved = before.role !== after.role;
    const judged = before.standing.state !== after.standing.state;
    if (!moved && !judged) return;
    const profile = await stores.users.profile(userId, 'strong');
    // Reads trust the group in the token: whoever is barred has none.
    await directory.setRole(userId, profile === undefined || isBarred(profile) ? undefined : profile.role);
    if (!moved && !isBarred(after)) return;
    // A second delivery must not end a session that began after the first.
    if (await stores.derived.isDone(CONSUMER, event.id)) return;
    await directory.signOut(userId);
    await stores.derived.markDone(CONSUMER, event.id, deps.now().toISOString());
  };

  return eachEvent(handle, deps.log);
}

function isBarred({ standing }: Profile): boolean {
  return standing.state === 'banned' || standing.state === 'closed';
}
