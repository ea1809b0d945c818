import { Refusal, type Change, type IdempotencyOutcome, type RequestStore } from '../stores/index.ts';
import { idempotencyRecords, rateCounters, tickets } from './kinds-of-requests.ts';
import { ttlOf } from './row.ts';
import type { Table } from './table.ts';
import type { Condition } from './writes.ts';

/** Records of requests on the table: idempotency, rates, tickets. */
export function requestStore(table: Table): RequestStore {
  const { write } = table;
  const by = (actorId: string, now: Date): Change => ({ actorId, correlationId: '', at: now.toISOString() });

  return {
    begin: async ({ userId, key, bodyHash, now, runningSeconds }): Promise<IdempotencyOutcome> => {
      const startedAt = now.getTime();
      const dead: Condition = {
        and: [
          { attr: 'state', eq: 'running' },
          { attr: 'bodyHash', eq: bodyHash },
          { attr: 'startedAt', lte: startedAt - runningSeconds * 1000 },
        ],
      };
      const free: Condition = {
        or: [{ attr: 'type', exists: false }, { attr: 'ttl', lte: ttlOf(startedAt) }, dead],
      };
      const record = { userId, key, bodyHash, state: 'running' as const, startedAt };
      try {
        await table.commit([write.put(idempotencyRecords, record, by(userId, now), free, 'exists')]);
        return { state: 'started' };
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        const found = await table.get(idempotencyRecords, { userId, key });
        if (found === undefined) return { state: 'in-progress' };
        if (found.bodyHash !== bodyHash) return { state: 'other-body' };
        return found.answer === undefined ? { state: 'in-progress' } : { state: 'done', answer: found.answer };
      }
    },

    finish: async (userId, key, answer, now) => {
      const set = { state: 'done' as const, answer };
      const running: Condition = { attr: 'state', eq: 'running' };
      await table.commit([write.update(idempotencyRecords, { userId, key }, { set }, by(userId, now), running)]);
    },

    abandon: (userId, key) => table.commit([write.remove(idempotencyRecords, { userId, key })]),

    use: async ({ subject, action, limit, windowSeconds, now }) => {
      const seconds = Math.floor(now.getTime() / 1000);
      const window = Math.floor(seconds / windowSeconds);
      const id = { subject, action, window };
      const ttl = (window + 2) * windowSeconds;
      const counted = await table.updated(
        write.update(rateCounters, id, { add: { count: 1 }, set: { seconds: windowSeconds, ttl } }, by(subject, now)),
      );
      return {
        allowed: Number(counted['count']) <= limit,
        retryAfterSeconds: (window + 1) * windowSeconds - seconds,
      };
    },

    putTicket: (hash, userId, now) => table.commit([write.create(tickets, { hash, userId }, by(userId, now))]),

    takeTicket: async (hash, now) => {
      // An item may outlive its ttl: the deletion itself says whether the ticket still held.
      const valid: Condition = { attr: 'ttl', gt: Math.floor(now.getTime() / 1000) };
      try {
        const ticket = await table.exchange(write.remove(tickets, { hash }, valid));
        return ticket === undefined ? undefined : tickets.schema.parse(ticket).userId;
      } catch (error) {
        if (error instanceof Refusal) return undefined;
        throw error;
      }
    },
  };
}
