import type { PostConfirmationTriggerEvent } from 'aws-lambda';
import * as z from 'zod';
import { Refusal, type Stores } from '../../data/stores/index.ts';
import type { Random } from '../../domain/ids.ts';
import { newUser } from '../../domain/user.ts';

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
  readonly random: Random;
}): (event: PostConfirmationTriggerEvent) => Promise<PostConfirmationTriggerEvent> {
  return async (event) => {
    if (event.triggerSource !== 'PostConfirmation_ConfirmSignUp') return event;
    const user = attributes.parse(event.request.userAttributes);
    const at = deps.now().toISOString();
    const { profile, preferences } = newUser({ userId: user.sub, locale: user.locale, at }, deps.random);
    const named = { ...profile, givenName: user.given_name, familyName: user.family_name };
    try {
      await deps.users.create(named, preferences, { actorId: user.sub, correlationId: '', at });
    } catch (error) {
      if (!(error instanceof Refusal && error.reason === 'exists')) throw error;
    }
    await deps.addToGroup({ userPoolId: event.userPoolId, userName: event.userName, group: 'viewer' });
    return event;
  };
}
