import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { Hono, type Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Credentials } from '../settings.ts';
import { refusalOf, type S3Refusal } from './upload-policy.ts';

interface StoredObject {
  readonly content: Uint8Array<ArrayBuffer>;
  readonly contentType: string;
  /** Base64, where the upload named one. */
  readonly sha256: string | undefined;
}

/** The largest file is 100 MiB; a form has some bytes more. */
const MOST_BYTES = 101 * 1024 * 1024;
const NO_KEY = { status: 404, code: 'NoSuchKey', message: 'The specified key does not exist.' };
const DENIED = { status: 403, code: 'AccessDenied', message: 'Access Denied' };

/**
 * The files bucket in memory: takes forms by their signed policy, gives objects for signed addresses, and is read by whoever
 * has the functions' credentials. Nobody else gets anything.
 * @param stored told of each object that has come
 */
export function objectStore({
  bucket,
  credentials,
  client,
  stored,
}: {
  readonly bucket: string;
  readonly credentials: Credentials;
  /** Signs addresses as the function does, so that those given can be compared. */
  readonly client: () => S3Client;
  readonly stored: (object: { readonly bucket: string; readonly key: string; readonly size: number }) => void;
}): Hono {
  const objects = new Map<string, StoredObject>();
  const s3 = new Hono();
  const tooLarge = {
    status: 400,
    code: 'EntityTooLarge',
    message: 'Your proposed upload exceeds the maximum allowed size',
  };

  s3.post(`/${bucket}`, bodyLimit({ maxSize: MOST_BYTES, onError: () => xml(tooLarge) }), async (context) => {
    const form = await context.req.formData().catch(() => undefined);
    if (form === undefined) {
      return xml({
        status: 400,
        code: 'MalformedPOSTRequest',
        message: 'The body is not well-formed multipart/form-data.',
      });
    }
    const fields = new Map<string, string>([['bucket', bucket]]);
    for (const [name, value] of form) if (typeof value === 'string') fields.set(name.toLowerCase(), value);
    const file = form.get('file');
    if (file === null) {
      return xml({
        status: 400,
        code: 'InvalidArgument',
        message: 'POST requires exactly one file upload per request.',
      });
    }
    const content = new Uint8Array(typeof file === 'string' ? Buffer.from(file) : await file.arrayBuffer());
    const refusal = refusalOf(fields, content, { credentials, now: new Date() });
    if (refusal !== undefined) return xml(refusal);
    const key = fields.get('key') ?? '';
    const contentType = fields.get('content-type') ?? 'binary/octet-stream';
    objects.set(key, { content, contentType, sha256: fields.get('x-amz-checksum-sha256') });
    stored({ bucket, key, size: content.byteLength });
    return context.body(null, 204);
  });

  s3.get(`/${bucket}/:key{.+}`, async (context) => {
    const key = context.req.param('key');
    if (!isFunction(context, credentials) && !(await isSigned(context, { bucket, key, client: client() }))) {
      return xml(DENIED);
    }
    const object = objects.get(key);
    return object === undefined ? xml(NO_KEY) : delivered(context, object);
  });

  s3.delete(`/${bucket}/:key{.+}`, (context) => {
    if (!isFunction(context, credentials)) return xml(DENIED);
    objects.delete(context.req.param('key'));
    return context.body(null, 204);
  });
  return s3;
}

/** True for a call that an SDK client signed with the functions' credentials; nobody else knows their key's id. */
export function isFunction({ req }: Context, { accessKeyId }: Credentials): boolean {
  return req.header('Authorization')?.includes(`Credential=${accessKeyId}/`) === true;
}

/** True when the address is one that the function `file` would sign, and its time is not over. */
async function isSigned(
  { req }: Context,
  { bucket, key, client }: { readonly bucket: string; readonly key: string; readonly client: S3Client },
): Promise<boolean> {
  const [signature, date = '', seconds] = ['X-Amz-Signature', 'X-Amz-Date', 'X-Amz-Expires'].map((name) =>
    req.query(name),
  );
  if (signature === undefined) return false;
  const signedAt = new Date(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  const expiresIn = Number(seconds);
  if (!(Date.now() < signedAt.getTime() + expiresIn * 1000)) return false;
  const command = new GetObjectCommand({
    Bucket: bucket,
    Key: key,
    ResponseContentType: req.query('response-content-type'),
    ResponseContentDisposition: req.query('response-content-disposition'),
  });
  const address = new URL(await getSignedUrl(client, command, { expiresIn, signingDate: signedAt }));
  return address.searchParams.get('X-Amz-Signature') === signature;
}

function delivered(context: Context, { content, contentType, sha256 }: StoredObject): Response {
  const { req } = context;
  const range = /^bytes=(\d+)-(\d+)$/.exec(req.header('Range') ?? '');
  const end = range === null ? content.byteLength : Math.min(Number(range[2]) + 1, content.byteLength);
  const body = range === null ? content : content.slice(Number(range[1]), end);
  const disposition = req.query('response-content-disposition');
  return new Response(body, {
    status: range === null ? 200 : 206,
    headers: {
      'Content-Type': req.query('response-content-type') ?? contentType,
      'Content-Length': String(body.byteLength),
      ...(disposition === undefined ? {} : { 'Content-Disposition': disposition }),
      ...(range !== null && { 'Content-Range': `bytes ${range[1]}-${end - 1}/${content.byteLength}` }),
      ...(sha256 !== undefined && range === null && { 'x-amz-checksum-sha256': sha256 }),
    },
  });
}

function xml({ status, code, message }: S3Refusal): Response {
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${escaped(message)}</Message></Error>`;
  return new Response(text, { status, headers: { 'Content-Type': 'application/xml' } });
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
