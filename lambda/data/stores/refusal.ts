/**
 * Why a write was refused; nothing of it was done.
 * - `exists`: it is there already.
 * - `missing`: it, or what it needs, is not there (any more).
 * - `version`: somebody else has written since it was read.
 * - `limit`: a list or quota is full.
 * - `state`: it, or what it needs, is in a state that does not allow it.
 */
export type RefusalReason = 'exists' | 'missing' | 'version' | 'limit' | 'state';

/** A write that the store refused as a whole. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly reason: RefusalReason;
  /** What the reason is about: `profile`, `file`, `point`, … */
  readonly subject: string;

  constructor(reason: RefusalReason, subject: string) {
    super(`the write was refused: ${subject} (${reason})`);
    this.reason = reason;
    this.subject = subject;
  }
}

/** The store cannot answer now: throttled, in conflict for too long, or not reachable. Trying again later may help. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}
