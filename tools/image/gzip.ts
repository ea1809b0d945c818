import { crc32 } from 'node:zlib';

/** Largest part of deflate's kind that is stored and not compressed. */
const PART = 65_535;

/**
 * The content as gzip, stored and not compressed: what a compressor writes differs from version to version, and with it
 * every digest. Tools read it as they read any layer.
 */
export function stored(content: Buffer): Buffer {
  const parts: Buffer[] = [Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff])];
  for (let at = 0; at === 0 || at < content.length; at += PART) {
    const part = content.subarray(at, at + PART);
    const head = Buffer.alloc(5);
    head.writeUInt8(at + PART >= content.length ? 1 : 0, 0);
    head.writeUInt16LE(part.length, 1);
    head.writeUInt16LE(~part.length & 0xffff, 3);
    parts.push(head, part);
  }
  const tail = Buffer.alloc(8);
  tail.writeUInt32LE(crc32(content), 0);
  tail.writeUInt32LE(content.length % 2 ** 32, 4);
  return Buffer.concat([...parts, tail]);
}
