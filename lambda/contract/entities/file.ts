import * as z from 'zod';
import { id, moment, text, userId, written } from './values.ts';

export const FILE_STATES = ['pending', 'uploaded', 'scanning', 'clean', 'rejected', 'deleted'] as const;

export const file = z.object({
  fileId: id,
  ownerId: userId,
  /** As the user named it; never part of the object's key. */
  name: text(1, 255),
  contentType: z.string().min(1).max(100),
  /** Bytes. */
  size: z.int().min(1),
  /** Of the content, in hexadecimal. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  purpose: z.enum(['attachment', 'avatar', 'knowledge']),
  state: z.enum(FILE_STATES),
  /** Why it was rejected. */
  rejection: z.enum(['size', 'checksum', 'content-type', 'malware']).optional(),
  /** Whoever may read this may download the file; absent while the file is private. */
  parent: z.object({ type: z.enum(['post', 'discussion', 'user']), id: z.uuid() }).optional(),
  deletedAt: moment.optional(),
  ...written,
});
export type File = z.infer<typeof file>;

/** The file's object in the files bucket. */
export function objectKey(fileId: string): string {
  return `files/${fileId}`;
}
