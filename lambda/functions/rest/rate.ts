import { createHash } from 'node:crypto';
import { NETWORK_ADDRESS_FACTOR, rateLimits, type RateLimit } from '../../contract/limits.ts';
import type { Operation } from '../../contract/operations/index.ts';
import type { RequestStore } from '../../data/stores/index.ts';
import { Problem } from '../../domain/problem.ts';

/** On whose account a request counts: a user, or what is known of somebody who has not signed in. */
export interface RateSubject {
  readonly userId: string | undefined;
  readonly email: string | undefined;
  readonly networkAddress: string;
}

/** Counts a request. @throws Problem `rate-limited`, with the seconds until there is room again. */
export async function countRequest(
  operation: Operation,
  requests: RequestStore,
  { userId, email, networkAddress }: RateSubject,
  now: Date,
): Promise<void> {
  const { rateLimit } = operation;
  if (rateLimit === undefined) return;
  const limits: readonly RateLimit[] = rateLimits[rateLimit];
  const subjects =
    userId === undefined
      ? [
          ...(email === undefined ? [] : [{ subject: keyOf('email', email.toLowerCase()), factor: 1 }]),
          { subject: keyOf('address', networkAddress), factor: NETWORK_ADDRESS_FACTOR },
        ]
      : [{ subject: userId, factor: 1 }];
  for (const { subject, factor } of subjects) {
    for (const { count, seconds } of limits) {
      const use = { subject, action: rateLimit, limit: count * factor, windowSeconds: seconds, now };
      const { allowed, retryAfterSeconds } = await requests.use(use);
      if (!allowed) throw new Problem('rate-limited', { retryAfterSeconds });
    }
  }
}

/** Neither addresses nor e-mails stand in keys of the table. */
function keyOf(kind: string, value: string): string {
  return createHash('sha256').update(`${kind} ${value}`).digest('hex');
}
