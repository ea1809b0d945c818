import { fileTypeFromBuffer } from 'file-type';
import type { File } from '../../contract/entities/index.ts';

/** What is known of an object without reading all of it. */
export interface ObjectFacts {
  readonly size: number;
  /** Of the content, as S3 has computed it, in hexadecimal; absent where the upload had none. */
  readonly sha256?: string;
  /** Its first bytes, at least 4,100 where it has so many. */
  readonly start: Uint8Array;
}

/** Names under which a content is recognised besides its own. */
const alsoKnownAs: Readonly<Record<string, readonly string[]>> = {
  // Office documents are such containers; the parts that tell them apart can stand anywhere in the file.
  'application/msword': ['application/x-cfb'],
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': ['application/zip'],
  'audio/wav': ['audio/vnd.wave'],
  'audio/ogg': ['audio/opus', 'application/ogg'],
  'video/webm': ['video/matroska'],
};

/** Why an uploaded object is not the file that was announced; undefined when it is. */
export async function mismatch(file: File, object: ObjectFacts): Promise<File['rejection']> {
  if (object.size !== file.size) return 'size';
  if (object.sha256 !== file.sha256) return 'checksum';
  return (await hasContentType(file.contentType, object.start)) ? undefined : 'content-type';
}

async function hasContentType(contentType: string, start: Uint8Array): Promise<boolean> {
  const found = (await fileTypeFromBuffer(start))?.mime;
  if (contentType === 'text/plain') return found === undefined && isText(start);
  return found !== undefined && [contentType, ...(alsoKnownAs[contentType] ?? [])].includes(found);
}

/** UTF-8 without a zero; the last character may be cut. */
function isText(start: Uint8Array): boolean {
  try {
    return !new TextDecoder('utf-8', { fatal: true }).decode(start, { stream: true }).includes('\0');
  } catch {
    return false;
  }
}
