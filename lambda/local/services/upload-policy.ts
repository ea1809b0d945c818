import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import type { Credentials } from '../settings.ts';

/** What S3 answers to a form that it does not take. */
export interface S3Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

const policy = z.object({
  expiration: z.iso.datetime(),
  conditions: z.array(
    z.union([
      z.tuple([z.literal('content-length-range'), z.int(), z.int()]),
      z.tuple([z.enum(['eq', 'starts-with']), z.string().startsWith('$'), z.string()]),
      z.record(z.string(), z.string()),
    ]),
  ),
});
type Condition = z.output<typeof policy>['conditions'][number];
type SizeRange = readonly ['content-length-range', number, number];

function isRange(condition: Condition): condition is Condition & SizeRange {
  return Array.isArray(condition) && condition[0] === 'content-length-range';
}

/** Fields that need no condition. */
const FREE = new Set(['policy', 'x-amz-signature', 'file']);

/**
 * Judges a browser's form as S3 does: the policy's signature, its end, every condition, no field without a condition, and
 * the checksum. @param fields by name in lower case, the bucket among them. @returns undefined when S3 would take it.
 */
export function refusalOf(
  fields: ReadonlyMap<string, string>,
  content: Uint8Array,
  { credentials, now }: { readonly credentials: Credentials; readonly now: Date },
): S3Refusal | undefined {
  const encoded = fields.get('policy');
  const denied = (message: string): S3Refusal => ({ status: 403, code: 'AccessDenied', message });
  if (encoded === undefined) return denied('Access Denied');
  if (!isSigned(encoded, fields, credentials)) {
    return { status: 403, code: 'SignatureDoesNotMatch', message: 'The request signature does not match the policy.' };
  }
  const { expiration, conditions } = policy.parse(JSON.parse(Buffer.from(encoded, 'base64').toString()));
  if (now > new Date(expiration)) return denied('Invalid according to Policy: Policy expired.');
  const covered = new Set(conditions.flatMap(namesOf));
  const extra = [...fields.keys()].find((name) => !FREE.has(name) && name !== 'bucket' && !covered.has(name));
  if (extra !== undefined) return denied(`Invalid according to Policy: Extra input fields: ${extra}`);
  const failed = conditions.find((condition) => !holds(condition, fields));
  if (failed !== undefined) {
    return denied(`Invalid according to Policy: Policy Condition failed: ${JSON.stringify(failed)}`);
  }
  return sizeRefusal(conditions, content.byteLength) ?? checksumRefusal(fields, content);
}

function isSigned(encoded: string, fields: ReadonlyMap<string, string>, credentials: Credentials): boolean {
  const [keyId = '', date = '', region = '', service = '', end = ''] = (fields.get('x-amz-credential') ?? '').split(
    '/',
  );
  if (keyId !== credentials.accessKeyId || service !== 's3' || end !== 'aws4_request') return false;
  const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
  // The signing key of Signature Version 4.
  const key = [date, region, service, end].reduce<string | Buffer>(hmac, `AWS4${credentials.secretAccessKey}`);
  const [wanted, given] = [hmac(key, encoded), Buffer.from(fields.get('x-amz-signature') ?? '', 'hex')];
  return given.length === wanted.length && timingSafeEqual(wanted, given);
}

function namesOf(condition: Condition): string[] {
  if (!Array.isArray(condition)) return Object.keys(condition).map((name) => name.toLowerCase());
  return condition[0] === 'content-length-range' ? [] : [condition[1].slice(1).toLowerCase()];
}

function holds(condition: Condition, fields: ReadonlyMap<string, string>): boolean {
  if (!Array.isArray(condition)) {
    return Object.entries(condition).every(([name, value]) => fields.get(name.toLowerCase()) === value);
  }
  if (condition[0] === 'content-length-range') return true;
  const [how, name, value] = condition;
  const given = fields.get(name.slice(1).toLowerCase());
  return how === 'eq' ? given === value : given?.startsWith(value) === true;
}

function sizeRefusal(conditions: readonly Condition[], size: number): S3Refusal | undefined {
  const range = conditions.find(isRange);
  if (range === undefined) return undefined;
  const [, least, most] = range;
  if (size < least) {
    const message = 'Your proposed upload is smaller than the minimum allowed size';
    return { status: 400, code: 'EntityTooSmall', message };
  }
  if (size > most) {
    return { status: 400, code: 'EntityTooLarge', message: 'Your proposed upload exceeds the maximum allowed size' };
  }
  return undefined;
}

function checksumRefusal(fields: ReadonlyMap<string, string>, content: Uint8Array): S3Refusal | undefined {
  const given = fields.get('x-amz-checksum-sha256');
  if (given === undefined || given === createHash('sha256').update(content).digest('base64')) return undefined;
  const message = 'The SHA256 you specified did not match the calculated checksum.';
  return { status: 400, code: 'BadDigest', message };
}
