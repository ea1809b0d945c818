/** `npm run bundle:functions`: the code of every Lambda function, and the manifest of the release, in `build/release/`. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { FUNCTION_NAMES, type FunctionName } from '../lambda/contract/function-names.ts';
import { bundleFunction, type FunctionBundle } from './bundle.ts';
import { manifestOf } from './manifest.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const folder = path.join(root, 'build/release');

const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')));
const commit = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();

const bundles = new Map<FunctionName, FunctionBundle>();
for (const name of FUNCTION_NAMES) bundles.set(name, await bundleFunction(root, name));

rmSync(folder, { recursive: true, force: true });
mkdirSync(path.join(folder, 'functions'), { recursive: true });
for (const [name, { zip, sourceMap, bytes, sha256 }] of bundles) {
  writeFileSync(path.join(folder, 'functions', `${name}.zip`), zip);
  writeFileSync(path.join(folder, 'functions', `${name}.mjs.map`), sourceMap);
  process.stdout.write(`${name.padEnd(18)} ${(bytes / 1024).toFixed(0).padStart(5)} KiB  ${sha256}\n`);
}
writeFileSync(
  path.join(folder, 'release.json'),
  `${JSON.stringify(manifestOf({ version, commit }, bundles), null, 2)}\n`,
);
process.stdout.write(`Wrote build/release/: ${bundles.size} functions of release ${version}.\n`);
