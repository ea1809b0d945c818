import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { HANDLER, RUNTIME } from '../lambda/contract/code.ts';
import { FUNCTION_NAMES, type FunctionName } from '../lambda/contract/function-names.ts';
import { openApiDocument } from '../lambda/contract/openapi/people.ts';
import type { FunctionBundle } from './bundle.ts';
import { releaseContent, type ReleaseContent } from './manifest.ts';

/** The OpenAPI document for people and client types. */
export const OPENAPI = 'openapi.json';

/** What `test/lambda/calls.test.ts` saw each function call, and compares with what the contract declares. */
const recordedCalls = z.record(
  z.enum(FUNCTION_NAMES),
  z.strictObject({
    uses: z.array(z.strictObject({ call: z.string(), on: z.string() })),
    /** Calls that IAM does not ask about. */
    open: z.array(z.string()),
  }),
);
const recorded = recordedCalls.parse(JSON.parse(readFileSync(new URL('./calls.json', import.meta.url), 'utf8')));

/** In hexadecimal digits. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Path of a function's code below `dist/`. */
export function zipOf(name: FunctionName): string {
  return `functions/${name}.zip`;
}

/** Everything of a release that follows from the sources alone: its files by path below `dist/`, and what they are. */
export function contentOf(
  version: string,
  bundles: ReadonlyMap<FunctionName, FunctionBundle>,
): { readonly content: ReleaseContent; readonly files: ReadonlyMap<string, Uint8Array> } {
  const files = new Map<string, Uint8Array>();
  const released = FUNCTION_NAMES.map((name): [FunctionName, object] => {
    const bundle = bundles.get(name);
    if (bundle === undefined) throw new Error(`The release has no bundle of the function ${name}.`);
    const { zip, sourceMap, clients } = bundle;
    files.set(zipOf(name), zip).set(`functions/${name}.mjs.map`, sourceMap);
    const calls = [...new Set(recorded[name].uses.map(({ call }) => call))].sort();
    return [name, { sha256: sha256(zip), bytes: zip.length, handler: HANDLER, runtime: RUNTIME, calls, clients }];
  });
  const openapi = Buffer.from(`${JSON.stringify(openApiDocument(version), null, 2)}\n`);
  files.set(OPENAPI, openapi);
  const content = { functions: Object.fromEntries<object>(released), openapi: { sha256: sha256(openapi) } };
  return { content: releaseContent.parse(content), files };
}
