import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { generateService } from './generate.ts';

/** The only file beside the generated ones. */
const BY_HAND = 'base.ts';

/** The generated files of `imports` by name; throws one sentence if there is no lock. */
export function generated(imports: string): ReadonlyMap<string, string> {
  const lock = path.join(imports, 'lock');
  if (!existsSync(lock)) throw new Error(`There is no schema lock at ${lock}; run \`npm run import\` first.`);
  const services = readdirSync(lock)
    .filter((name) => name.endsWith('.json') && name !== 'index.json')
    .map((name) => name.slice(0, -'.json'.length))
    .sort();
  const files = new Map<string, string>();
  for (const service of services) {
    const text = generateService(service, readFileSync(path.join(lock, `${service}.json`), 'utf8'));
    if (text !== undefined) files.set(`${service}.ts`, text);
  }
  return files;
}

/** Names of the files in `imports` that are missing, changed, or no longer generated. */
export function staleFiles(imports: string, files: ReadonlyMap<string, string>): readonly string[] {
  const wrong = [...files].filter(([name, text]) => {
    const file = path.join(imports, name);
    return !existsSync(file) || readFileSync(file, 'utf8') !== text;
  });
  return [...wrong.map(([name]) => name), ...leftOver(imports, files)].sort();
}

function leftOver(imports: string, files: ReadonlyMap<string, string>): readonly string[] {
  return readdirSync(imports).filter((name) => name.endsWith('.ts') && name !== BY_HAND && !files.has(name));
}

/** Writes the files, or with `--check` only compares; the exit code. */
export function main(args: readonly string[], imports: string): number {
  const { check } = parseArgs({ args: [...args], options: { check: { type: 'boolean', default: false } } }).values;
  const files = generated(imports);
  const stale = staleFiles(imports, files);
  if (check) {
    if (stale.length > 0) console.error(`Not current in imports/: ${stale.join(', ')}; run \`npm run generate\`.`);
    return stale.length > 0 ? 1 : 0;
  }
  for (const [name, text] of files) if (stale.includes(name)) writeFileSync(path.join(imports, name), text);
  for (const name of leftOver(imports, files)) rmSync(path.join(imports, name));
  console.log(`Wrote ${stale.length} of ${files.size} files to imports/.`);
  return 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    process.exitCode = main(process.argv.slice(2), fileURLToPath(new URL('../../imports', import.meta.url)));
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
