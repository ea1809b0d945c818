import { createHmac, timingSafeEqual } from 'node:crypto';
import { GenerateMacCommand, KMSInvalidMacException, VerifyMacCommand, type KMSClient } from '@aws-sdk/client-kms';
import type { CursorSigner } from './cursor.ts';

const MacAlgorithm = 'HMAC_SHA_256';

/** Signs with a KMS HMAC key, which nobody can read. */
export function kmsSigner(client: KMSClient, keyId: string): CursorSigner {
  const of = (text: string): { KeyId: string; MacAlgorithm: typeof MacAlgorithm; Message: Buffer } => ({
    KeyId: keyId,
    MacAlgorithm,
    Message: Buffer.from(text),
  });
  return {
    sign: async (text) => {
      const { Mac: mac } = await client.send(new GenerateMacCommand(of(text)));
      if (mac === undefined) throw new Error('KMS gave no signature');
      return Buffer.from(mac).toString('base64url');
    },
    verify: async (text, signature) => {
      const mac = Buffer.from(signature, 'base64url');
      if (mac.length !== MAC_BYTES) return false;
      try {
        await client.send(new VerifyMacCommand({ ...of(text), Mac: mac }));
        return true;
      } catch (error) {
        if (error instanceof KMSInvalidMacException) return false;
        throw error;
      }
    },
  };
}

const MAC_BYTES = 32;

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
