import { createHmac, timingSafeEqual } from 'node:crypto';
import type { CursorSigner } from './cursor.ts';

/** Signs with a key in memory: for tests and the local server. */
export function localSigner(key: Uint8Array): CursorSigner {
  const mac = (text: string): Buffer => createHmac('sha256', key).update(text).digest();
  return {
    sign: (text) => Promise.resolve(mac(text).toString('base64url')),
    verify: (text, signature) => {
      const [wanted, given] = [mac(text), Buffer.from(signature, 'base64url')];
      return Promise.resolve(given.length === wanted.length && timingSafeEqual(wanted, given));
    },
  };
}
