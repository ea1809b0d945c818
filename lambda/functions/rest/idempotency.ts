import { createHash } from 'node:crypto';
import { Refusal, type RequestStore, type StoredAnswer } from '../../data/stores/index.ts';
import { Problem } from '../../domain/problem.ts';

/** A function that has not answered after this time is dead: API Gateway gives up after ten seconds. */
const RUNNING_SECONDS = 30;

/**
 * Does a request once: the same one, sent again, gets the answer of the first.
 * Powertools' idempotency hashes parts of the event and takes its own clock; the rules here (a key for each user, another
 * body is refused, the clock is injected) are the store's, and this is all that is left to do.
 * @throws Problem `idempotency-key-reused`, `in-progress`.
 */
export async function once(
  requests: RequestStore,
  input: { readonly userId: string; readonly key: string; readonly request: string; readonly now: Date },
  run: () => Promise<StoredAnswer>,
): Promise<StoredAnswer> {
  const { userId, key, request, now } = input;
  const bodyHash = createHash('sha256').update(request).digest('hex');
  const outcome = await requests.begin({ userId, key, bodyHash, now, runningSeconds: RUNNING_SECONDS });
  if (outcome.state === 'other-body') throw new Problem('idempotency-key-reused');
  if (outcome.state === 'in-progress') throw new Problem('in-progress', { retryAfterSeconds: 1 });
  if (outcome.state === 'done') return outcome.answer;
  const answer = await abandoned(requests, userId, key, run);
  await requests.finish(userId, key, answer, now);
  return answer;
}

/**
 * A request that was refused may be sent again at once: nothing of it was done. After any other error nobody knows, so
 * the key stays taken until the request would have ended.
 */
async function abandoned(
  requests: RequestStore,
  userId: string,
  key: string,
  run: () => Promise<StoredAnswer>,
): Promise<StoredAnswer> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof Problem || error instanceof Refusal) await requests.abandon(userId, key);
    throw error;
  }
}
