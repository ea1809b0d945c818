import type { File } from '../contract/entities/index.ts';
import { fileQuota, fileSizes } from '../contract/limits.ts';
import type { FileBody, FileReference, FileView } from '../contract/schemas/file.ts';
import { admits, type Reader } from './permissions.ts';
import { Problem } from './problem.ts';

/** An upload that is announced. @throws Problem `forbidden`, `unsupported-file-type`, `file-too-large`. */
export function newFile(body: FileBody, owner: Reader, fileId: string, at: string): File {
  const { contentType, size, purpose } = body;
  // Everybody has a face; only who may post may upload what belongs to posts.
  if (purpose !== 'avatar' && !admits('post', owner.role)) throw new Problem('forbidden');
  const limit = Object.hasOwn(fileSizes, contentType) ? fileSizes[contentType] : undefined;
  if (limit === undefined || (purpose === 'avatar' && !contentType.startsWith('image/'))) {
    throw new Problem('unsupported-file-type');
  }
  if (size > (purpose === 'avatar' ? fileQuota.avatarBytes : limit)) throw new Problem('file-too-large');
  return { ...body, fileId, ownerId: owner.userId, state: 'pending', version: 1, createdAt: at, updatedAt: at };
}

/** Whether a browser may show the file in the page; all else is saved to disk. */
export function shownInPage(contentType: string): boolean {
  return /^(image|audio|video)\//.test(contentType);
}

export function fileReferenceView({ fileId, name, contentType, size }: File): FileReference {
  return { fileId, name, contentType, size };
}

export function fileViewOf(file: File, downloadUrl?: string): FileView {
  return {
    ...fileReferenceView(file),
    purpose: file.purpose,
    state: file.state,
    ...(file.rejection === undefined ? {} : { rejection: file.rejection }),
    attached: file.parent !== undefined,
    createdAt: file.createdAt,
    ...(downloadUrl === undefined ? {} : { downloadUrl }),
  };
}
