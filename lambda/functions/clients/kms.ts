import { GenerateMacCommand, KMSInvalidMacException, VerifyMacCommand, type KMSClient } from '@aws-sdk/client-kms';
import type { CursorSigner } from '../../data/cursor.ts';

const MacAlgorithm = 'HMAC_SHA_256';

/** Signs cursors with a key that never leaves KMS. */
export function kmsSigner(client: KMSClient, keyId: string): CursorSigner {
  const message = (text: string): Uint8Array => Buffer.from(text);
  return {
    sign: async (text) => {
      const { Mac: mac } = await client.send(
        new GenerateMacCommand({ KeyId: keyId, Message: message(text), MacAlgorithm }),
      );
      if (mac === undefined) throw new Error('KMS gave no signature');
      return Buffer.from(mac).toString('base64url');
    },
    verify: async (text, signature) => {
      const mac = Buffer.from(signature, 'base64url');
      // KMS refuses a signature of another length as invalid input.
      if (mac.length !== 32) return false;
      try {
        const command = new VerifyMacCommand({ KeyId: keyId, Message: message(text), Mac: mac, MacAlgorithm });
        return (await client.send(command)).MacValid === true;
      } catch (error) {
        if (error instanceof KMSInvalidMacException) return false;
        throw error;
      }
    },
  };
}
