import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import * as z from 'zod';
import { objectKey, type File } from '../../contract/entities/index.ts';
import type { Change, Stores } from '../../data/stores/index.ts';
import { eachRecord, type ConsumerLog } from '../shared/consumer.ts';
import { mismatch, type ObjectFacts } from './check.ts';

/** Looks at an object of the files bucket. @returns undefined when it is gone. */
export type LookAt = (key: string) => Promise<ObjectFacts | undefined>;

const created = z.object({
  'detail-type': z.literal('Object Created'),
  detail: z.object({ object: z.object({ key: z.string() }) }),
});
/** GuardDuty Malware Protection for S3. */
const scanned = z.object({
  'detail-type': z.literal('GuardDuty Malware Protection Object Scan Result'),
  detail: z.object({
    s3ObjectDetails: z.object({ objectKey: z.string() }),
    scanResultDetails: z.object({ scanResultStatus: z.string() }),
  }),
});
const message = z.discriminatedUnion('detail-type', [created, scanned]);

const KEY = /^files\/([0-9a-f-]{36})$/;

/**
 * Moves an uploaded file on: announced size, checksum and content first, then the scanner where there is one. Both
 * messages can come twice and in any order; a file never goes back.
 */
export function createFileScan(deps: {
  readonly files: Pick<Stores['files'], 'file' | 'advance' | 'reject'>;
  readonly lookAt: LookAt;
  readonly scanner: 'guardduty' | 'none';
  readonly now: () => Date;
  readonly log: ConsumerLog;
}): (batch: SQSEvent) => Promise<SQSBatchResponse> {
  const { files, lookAt, scanner } = deps;
  const change = (): Change => ({ actorId: 'file-scan', correlationId: '', at: deps.now().toISOString() });

  const onCreated = async (file: File): Promise<void> => {
    const { fileId } = file;
    await files.advance(fileId, 'uploaded', change());
    const object = await lookAt(objectKey(fileId));
    // Deleted meanwhile: the file ends with its time to live.
    if (object === undefined) return;
    const why = await mismatch(file, object);
    if (why !== undefined) await files.reject(fileId, why, change());
    else await files.advance(fileId, scanner === 'none' ? 'clean' : 'scanning', change());
  };

  const onScanned = async (file: File, status: string): Promise<void> => {
    if (status === 'THREATS_FOUND') await files.reject(file.fileId, 'malware', change());
    if (status !== 'NO_THREATS_FOUND') return;
    // The scanner can be faster than our own checks, which come first then.
    if (file.state === 'pending' || file.state === 'uploaded') await onCreated(file);
    const checked = await files.file(file.fileId);
    if (checked?.state === 'scanning') await files.advance(file.fileId, 'clean', change());
  };

  const handle = async (record: SQSRecord): Promise<void> => {
    const event = message.parse(JSON.parse(record.body));
    const isCreated = event['detail-type'] === 'Object Created';
    const key = isCreated ? event.detail.object.key : event.detail.s3ObjectDetails.objectKey;
    const fileId = KEY.exec(key)?.[1];
    // Other objects of the bucket (exports, say) are not uploads.
    const file = fileId === undefined ? undefined : await files.file(fileId);
    if (file === undefined) return;
    if (isCreated) await onCreated(file);
    else await onScanned(file, event.detail.scanResultDetails.scanResultStatus);
  };

  return eachRecord(handle, deps.log);
}
