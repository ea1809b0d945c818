/** Random bytes, so many of them. */
export type Random = (bytes: number) => Uint8Array;

/** Makes ids. */
export type Ids = () => string;

/** UUIDs of version 7 (RFC 9562): 48 bits of time, 74 random ones. They sort by the millisecond they were made in. */
export function idsFrom(now: () => Date, random: Random): Ids {
  return () => {
    const time = now().getTime().toString(16).padStart(12, '0');
    const [first = 0, second = 0, third = 0, ...rest] = random(10);
    const bytes = [0x70 | (first & 0x0f), second, 0x80 | (third & 0x3f), ...rest];
    const hex = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
    return `${time.slice(0, 8)}-${time.slice(8)}-${hex.slice(0, 4)}-${hex.slice(4, 8)}-${hex.slice(8, 20)}`;
  };
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** Random small letters. The first letters of the alphabet come a little more often, which harms nobody here. */
export function letters(random: Random, count: number): string {
  return Array.from(random(count), (byte) => LETTERS.charAt(byte % LETTERS.length)).join('');
}
