import { setTimeout } from 'node:timers/promises';

const pause = 50;

/**
 * Asks until there is an answer other than `undefined`, and rejects with `what` when the time is over. An error of
 * `ask` ends the waiting at once.
 */
export async function until<T>(what: string, timeout: number, ask: () => Promise<T | undefined>): Promise<T> {
  const end = performance.now() + timeout;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > end) throw new Error(`Waited ${timeout / 1000} s in vain until ${what}.`);
    await setTimeout(pause);
  }
}
