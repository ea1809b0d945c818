import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import { ServiceError, type JsonService } from './service.ts';

const base64 = z.string().transform((text) => Buffer.from(text, 'base64'));
const shared = { KeyId: z.string(), Message: base64, MacAlgorithm: z.literal('HMAC_SHA_256') };
const generate = z.object(shared);
const verify = z.object({ ...shared, Mac: base64 });

/** The two operations of KMS that sign cursors, with one key that lives as long as the process. */
export function macKey(): JsonService {
  const key = randomBytes(32);
  const mac = (message: Buffer): Buffer => createHmac('sha256', key).update(message).digest();
  return (operation, input) => {
    switch (operation) {
      case 'GenerateMac': {
        const { KeyId, Message, MacAlgorithm } = generate.parse(input);
        return { KeyId, MacAlgorithm, Mac: mac(Message).toString('base64') };
      }
      case 'VerifyMac': {
        const { KeyId, Message, MacAlgorithm, Mac } = verify.parse(input);
        const wanted = mac(Message);
        if (Mac.length !== wanted.length || !timingSafeEqual(Mac, wanted)) {
          throw new ServiceError('KMSInvalidMacException', 'The MAC is not valid.');
        }
        return { KeyId, MacAlgorithm, MacValid: true };
      }
      default:
        throw new ServiceError('UnsupportedOperationException', `the local KMS does not know ${operation}`);
    }
  };
}
