import { buffer } from 'node:stream/consumers';
import { Twin } from '../../data/twin/twin.ts';
import { TABLE_NAME } from '../settings.ts';
import type { LocalTable } from './store.ts';

/** How often what has expired is deleted; AWS takes days. */
const EXPIRE_EVERY_MS = 60_000;

/** The twin, in this process. */
export function twinTable(): LocalTable {
  const twin = new Twin({ tableName: TABLE_NAME, now: () => new Date() });
  const timer = setInterval(() => {
    twin.expire();
  }, EXPIRE_EVERY_MS).unref();
  return {
    endpoint: undefined,
    answer: async (headers, body) => {
      const answer = twin.answer({ headers, body });
      return new Response(new Uint8Array(await buffer(answer.body)), {
        status: answer.statusCode,
        headers: answer.headers,
      });
    },
    follow: (told) => {
      twin.onChange(told);
    },
    stop: () => {
      clearInterval(timer);
      return Promise.resolve();
    },
  };
}
