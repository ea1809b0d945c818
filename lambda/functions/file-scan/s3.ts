import { GetObjectCommand, HeadObjectCommand, NoSuchKey, NotFound, type S3Client } from '@aws-sdk/client-s3';
import type { LookAt } from './app.ts';

/** As many bytes as recognising a content takes. */
const START = 'bytes=0-4099';

/** Looks at objects of the files bucket: their size, their checksum, their first bytes. */
export function s3Objects(client: S3Client, bucket: string): LookAt {
  return async (key) => {
    const of = { Bucket: bucket, Key: key };
    try {
      const head = await client.send(new HeadObjectCommand({ ...of, ChecksumMode: 'ENABLED' }));
      const object = await client.send(new GetObjectCommand({ ...of, Range: START }));
      const start = (await object.Body?.transformToByteArray()) ?? new Uint8Array();
      const checksum = head.ChecksumSHA256;
      return {
        size: head.ContentLength ?? 0,
        start,
        ...(checksum === undefined ? {} : { sha256: Buffer.from(checksum, 'base64').toString('hex') }),
      };
    } catch (error) {
      if (error instanceof NotFound || error instanceof NoSuchKey) return undefined;
      throw error;
    }
  };
}
