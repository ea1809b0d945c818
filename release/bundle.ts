import { createHash } from 'node:crypto';
import { build, type Metafile } from 'esbuild';
import { zipSync } from 'fflate';
import type { FunctionName } from '../lambda/contract/function-names.ts';

/** The code of one Lambda function as it is uploaded. */
export interface FunctionBundle {
  readonly zip: Uint8Array;
  /** Of the zip, in hexadecimal digits. */
  readonly sha256: string;
  /** Of the minified code, before it is packed: what a cold start reads. */
  readonly bytes: number;
  /** For reading stack traces; beside the zip, not in it. */
  readonly sourceMap: string;
  /** Clients of the AWS SDK in it: `client-dynamodb`, and `nested-clients/sts` of those that the SDK brings itself. */
  readonly clients: readonly string[];
}

/** What Lambda loads from the zip, `<file>.<export>`. */
export const HANDLER = 'index.handler';
/** Newest Node runtime of Lambda that the AWS SDK supports; the code also runs on what its target says. */
export const RUNTIME = 'nodejs24.x';
/** The oldest Node that the project runs on, since the tests load the bundles as well. */
const TARGET = 'node20.19';

/** CommonJS packages inside an ES module find the `require` that they expect. */
const BANNER = [
  `import { createRequire as owlnestRequire } from 'node:module';`,
  `const require = owlnestRequire(import.meta.url);`,
].join('');

/** What a function has no use for, and what is bundled in its place. */
const INSTEAD = { '@aws-sdk/credential-provider-node': './lambda/functions/clients/credentials.ts' };

/** A zip has times of the local clock in steps of two seconds, from 1980 on: this one is the same everywhere. */
const ZIP_TIME = new Date(1980, 0, 1);
/** Made by Unix, so that the mode counts: a plain file that all may read, as Lambda asks. */
const UNIX = 3;
const READABLE = 0o100644 << 16;

/**
 * Bundles a function with all that it imports. The same sources give the same bytes on every machine, in every folder and
 * time zone.
 * @param root folder of the checkout
 */
export async function bundleFunction(root: string, name: FunctionName): Promise<FunctionBundle> {
  const { outputFiles, metafile } = await build({
    entryPoints: [`lambda/functions/${name}/handler.ts`],
    absWorkingDir: root,
    outfile: 'index.mjs',
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    sourcemap: 'external',
    sourcesContent: false,
    platform: 'node',
    format: 'esm',
    target: TARGET,
    // ES modules first: they are shaken, CommonJS is not.
    mainFields: ['module', 'main'],
    banner: { js: BANNER },
    alias: INSTEAD,
    legalComments: 'none',
    logLevel: 'warning',
  });
  const code = outputFiles.find(({ path }) => path.endsWith('index.mjs'));
  const map = outputFiles.find(({ path }) => path.endsWith('.map'));
  if (code === undefined || map === undefined) throw new Error(`The bundle of ${name} has no code or no map.`);
  const zip = zipSync({ 'index.mjs': [code.contents, { mtime: ZIP_TIME, os: UNIX, attrs: READABLE }] });
  return {
    zip,
    sha256: createHash('sha256').update(zip).digest('hex'),
    bytes: code.contents.length,
    sourceMap: map.text,
    clients: clientsIn(metafile),
  };
}

const CLIENT = /node_modules\/@aws-sdk\/(?:(client-[^/]+)|nested-clients\/[^/]+\/submodules\/([^/]+))\//;

/** Only what is left after tree shaking counts. */
function clientsIn({ outputs }: Metafile): readonly string[] {
  const left = Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0),
  );
  const names = left.map(([file]) => {
    const [, client, nested] = CLIENT.exec(file) ?? [];
    return client ?? (nested === undefined ? undefined : `nested-clients/${nested}`);
  });
  return [...new Set(names.filter((name) => name !== undefined))].sort();
}
