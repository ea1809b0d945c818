import * as z from 'zod';

/** Signs cursors; KMS in AWS, a key in memory elsewhere. */
export interface CursorSigner {
  /** HMAC-SHA-256 of the text, base64url. */
  sign(text: string): Promise<string>;
  /** Compares in constant time. */
  verify(text: string, signature: string): Promise<boolean>;
}

const LIFETIME_MS = 24 * 60 * 60 * 1000;
const MOST_CHARACTERS = 2048;

const content = z.strictObject({
  v: z.literal(1),
  /** Position in the list. */
  p: z.string(),
  /** Hash of list, filter and reader: a cursor goes on where it came from. */
  f: z.string(),
  /** Expiry, in milliseconds since 1970. */
  e: z.int(),
});

/** @param filter hash of what the list is of and for whom. @returns an opaque text for the client. */
export async function encodeCursor(
  signer: CursorSigner,
  input: { position: string; filter: string; now: Date },
): Promise<string> {
  const plain = { v: 1, p: input.position, f: input.filter, e: input.now.getTime() + LIFETIME_MS };
  const text = Buffer.from(JSON.stringify(plain)).toString('base64url');
  return `${text}.${await signer.sign(text)}`;
}

/** @returns the position, or undefined when the cursor is foreign, edited, of another list, or older than 24 hours. */
export async function decodeCursor(
  signer: CursorSigner,
  input: { cursor: string; filter: string; now: Date },
): Promise<string | undefined> {
  const [text, signature, ...rest] = input.cursor.split('.');
  if (text === undefined || signature === undefined || rest.length > 0) return undefined;
  if (input.cursor.length > MOST_CHARACTERS || !(await signer.verify(text, signature))) return undefined;
  const { data } = content.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString()));
  const holds = data?.f === input.filter && data.e > input.now.getTime();
  return holds ? data.p : undefined;
}
