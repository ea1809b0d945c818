import * as z from 'zod';
import { FUNCTION_NAMES } from '../lambda/contract/function-names.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'is not a SHA-256 in hexadecimal digits');

/** One function of a release: which code it is, and what that code calls. */
const releasedFunction = z.strictObject({
  /** Of the zip. It names the code in the bucket of artifacts: `codeKey()` of the contract. */
  sha256,
  /** Of the zip. */
  bytes: z.int().positive(),
  handler: z.string(),
  runtime: z.string(),
  /** IAM actions that a recording client saw it ask for, each once, sorted: `release/calls.json`. */
  calls: z.array(z.string().regex(/^[a-z0-9-]+:[A-Za-z]+$/)),
  /** Clients of the AWS SDK in its code. */
  clients: z.array(z.string()),
});

/** What follows from the sources alone. */
export const releaseContent = z.strictObject({
  functions: z.record(z.enum(FUNCTION_NAMES), releasedFunction),
  /** Of `openapi.json`, the document for people and for the types of clients. */
  openapi: z.strictObject({ sha256 }),
});
export type ReleaseContent = z.infer<typeof releaseContent>;

/** `release.json`: what a release consists of, and what it was made from. */
const releaseManifest = z.strictObject({
  version: z.string(),
  /** The last commit; null where git does not tell: no git, or no repository. */
  commit: z
    .string()
    .regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/)
    .nullable(),
  /** False only where git says that no file differs from the commit. */
  dirty: z.boolean(),
  ...releaseContent.shape,
});
export type ReleaseManifest = z.infer<typeof releaseManifest>;

/**
 * Reads `release.json`. @param place how a sentence names the file
 * @throws Error with one sentence that says what is wrong with it.
 */
export function parseRelease(text: string, place: string): ReleaseManifest {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw new Error(`${place} is not JSON; write it anew with npm start.`, { cause: error });
  }
  const { data, error } = releaseManifest.safeParse(content);
  if (data !== undefined) return data;
  const [issue] = error.issues;
  const where = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
  throw new Error(
    `${place} is not the manifest of a release (${where}${issue?.message ?? ''}); write it anew with npm start.`,
    { cause: error },
  );
}
