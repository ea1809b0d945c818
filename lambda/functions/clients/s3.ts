import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { FileObjects } from './file-objects.ts';

/**
 * The files bucket. A form admits exactly one object: key, media type, number of bytes and checksum are part of what is
 * signed. Encryption is the bucket's own: a form that named `aws:kms` would choose another key.
 */
export function s3Objects(client: S3Client, bucket: string): FileObjects {
  return {
    uploadForm: async ({ key, contentType, size, sha256, seconds }) => {
      const fields = {
        'Content-Type': contentType,
        'x-amz-checksum-algorithm': 'SHA256',
        'x-amz-checksum-sha256': Buffer.from(sha256, 'hex').toString('base64'),
      };
      return createPresignedPost(client, {
        Bucket: bucket,
        Key: key,
        Fields: fields,
        Conditions: [
          ['content-length-range', size, size],
          ...Object.entries(fields).map(([name, value]) => ({ [name]: value })),
        ],
        Expires: seconds,
      });
    },

    downloadUrl: async ({ key, contentType, attachment, seconds }) => {
      const command = new GetObjectCommand({
        Bucket: bucket,
        Key: key,
        ResponseContentType: contentType,
        ...(attachment === undefined ? {} : { ResponseContentDisposition: disposition(attachment) }),
      });
      return getSignedUrl(client, command, { expiresIn: seconds });
    },
  };
}

/** `Content-Disposition` of RFC 6266: the name in UTF-8, percent-encoded. */
function disposition(name: string): string {
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename*=UTF-8''${encoded}`;
}
