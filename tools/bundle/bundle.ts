import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';
import type { Carried } from '../../cli/container.ts';

/** One file that is the whole function, for `node owlnest.mjs serve`. */
export interface Bundle {
  readonly code: Uint8Array;
  /** Which source files are in it, and how much of each. */
  readonly inputs: Metafile['inputs'];
}

/** What the oldest Node that we promise understands. */
const TARGET = 'node20.19';

/** CommonJS inside an ES module finds what it expects of Node. */
const BANNER = [
  `import { createRequire as owlnestRequire } from 'node:module';`,
  `const require = owlnestRequire(import.meta.url);`,
  `const __filename = import.meta.filename, __dirname = import.meta.dirname;`,
].join('\n');

/** cdk8s loads this for its own files, and the function writes none. */
const withoutYaml: Plugin = {
  name: 'without-yaml',
  setup: (build) => {
    build.onResolve({ filter: /^yaml$/ }, ({ importer }) =>
      importer.includes(`${path.sep}cdk8s${path.sep}`) ? { path: 'yaml', namespace: 'absent' } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'absent' }, () => ({ contents: 'module.exports = {};', loader: 'js' }));
  },
};

/** Bundles the entry with all that it imports; the same bytes for the same sources, wherever the checkout lies. */
export async function bundle(root: string, entry: string): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: entry, resolveDir: root, sourcefile: 'entry.ts', loader: 'ts' },
    absWorkingDir: root,
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    target: TARGET,
    banner: { js: BANNER },
    plugins: [withoutYaml],
    legalComments: 'eof',
    logLevel: 'warning',
  });
  const [output] = outputFiles;
  if (output === undefined || outputFiles.length !== 1) throw new Error('The bundle is not one file.');
  return { code: output.contents, inputs: metafile.inputs };
}

/** The function's entry: the container's command line, called with the schema lock and the release as literals. */
export function functionEntry(root: string, release: Carried['release']): string {
  const carried = { lock: lockTexts(path.join(root, 'imports/lock')), release };
  return [
    `import { runContainer } from './cli/container.ts';`,
    `await runContainer(process.argv, ${JSON.stringify(carried)});`,
  ].join('\n');
}

function lockTexts(folder: string): Readonly<Record<string, string>> {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort();
  return Object.fromEntries(
    files.map((file) => [file.slice(0, -'.json'.length), readFileSync(path.join(folder, file), 'utf8')]),
  );
}
