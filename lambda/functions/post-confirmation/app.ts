import type { PostConfirmationTriggerEvent } from 'aws-lambda';
import { z } from 'zod';
import type { Preferences, Profile } from '../../contract/entities/index.ts';
import { Refusal, type Stores } from '../../data/stores/index.ts';

/** What the user pool knows of somebody who has confirmed the address. */
const attributes = z.object({
  sub: z.uuid(),
  given_name: z.string().min(1).max(50).optional().catch(undefined),
  family_name: z.string().min(1).max(50).optional().catch(undefined),
  locale: z.enum(['ja', 'en']).catch('ja'),
});

/** Puts a user into a group of the pool that the event names. */
export type AddToGroup = (input: { userPoolId: string; userName: string; group: string }) => Promise<void>;

/**
 * Makes profile and preferences of a new user, and the group `viewer`. Safe to repeat. Confirming a forgotten password
 * calls the same trigger and makes nothing.
 */
export function createPostConfirmation(deps: {
  readonly users: Pick<Stores['users'], 'create'>;
  readonly addToGroup: AddToGroup;
  readonly now: () => Date;
  /** Six random letters. */
  readonly letters: () => string;
}): (event: PostConfirmationTriggerEvent) => Promise<PostConfirmationTriggerEvent> {
  return async (event) => {
    if (event.triggerSource !== 'PostConfirmation_ConfirmSignUp') return event;
    const user = attributes.parse(event.request.userAttributes);
    const at = deps.now().toISOString();
    const { profile, preferences } = newUser(user, `user-${deps.letters()}`, at);
    try {
      await deps.users.create(profile, preferences, { actorId: user.sub, correlationId: '', at });
    } catch (error) {
      if (!(error instanceof Refusal && error.reason === 'exists')) throw error;
    }
    await deps.addToGroup({ userPoolId: event.userPoolId, userName: event.userName, group: 'viewer' });
    return event;
  };
}

function newUser(
  user: z.output<typeof attributes>,
  displayName: string,
  at: string,
): { profile: Profile; preferences: Preferences } {
  const written = { version: 1, createdAt: at, updatedAt: at };
  return {
    profile: {
      userId: user.sub,
      role: 'viewer',
      standing: { state: 'good' },
      displayName,
      givenName: user.given_name,
      familyName: user.family_name,
      locale: user.locale,
      timezone: 'Asia/Tokyo',
      privacy: { profileVisible: true, emailVisible: false, activityVisible: true },
      ...written,
    },
    preferences: { userId: user.sub, channels: {}, emailFrequency: 'daily', theme: 'system', ...written },
  };
}
