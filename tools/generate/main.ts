import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parseLockIndex } from '../../crossplane/schema/registry.ts';
import { configReference } from './config-reference.ts';
import { fileJsonSchema } from './config-schema.ts';
import { generateService } from './generate.ts';
import { pagesOf } from './pages.ts';
import { permissionTypes } from './permissions.ts';
import { chartSources } from './sources.ts';

/** The only file in `imports/` beside the generated ones. */
const BY_HAND = 'base.ts';

/**
 * What the charts are built with, by path in the checkout: nothing that runs them can be loaded before it is current.
 * Throws one sentence if there is no lock.
 */
async function generatedCode(root: string): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ...kinds(path.join(root, 'imports/lock')),
    ['imports/permissions.ts', await permissionTypes()],
    ['charts/sources.ts', chartSources(root)],
  ]);
}

/** What is told of settings and charts, by path in the checkout. */
async function generatedReference(): Promise<ReadonlyMap<string, string>> {
  const schema = fileJsonSchema();
  const { references } = await import('./references.ts');
  return new Map([
    ['config/environment.schema.json', `${JSON.stringify(schema, null, 2)}\n`],
    ['docs/reference/config.md', configReference(schema)],
    ...references(),
  ]);
}

function kinds(lock: string): readonly (readonly [string, string])[] {
  if (!existsSync(lock)) throw new Error(`There is no schema lock at ${lock}; run \`npm run import\` first.`);
  const services = readdirSync(lock)
    .filter((name) => name.endsWith('.json') && name !== 'index.json')
    .map((name) => name.slice(0, -'.json'.length))
    .sort();
  const pages = pagesOf(parseLockIndex(readFileSync(path.join(lock, 'index.json'), 'utf8')).version);
  return services.flatMap((service) => {
    const text = generateService(service, readFileSync(path.join(lock, `${service}.json`), 'utf8'), pages);
    return text === undefined ? [] : [[`imports/${service}.ts`, text] as const];
  });
}

/** Files that are missing or changed. */
function staleFiles(root: string, files: ReadonlyMap<string, string>): readonly string[] {
  const wrong = [...files].filter(([name, text]) => {
    const file = path.join(root, name);
    return !existsSync(file) || readFileSync(file, 'utf8') !== text;
  });
  return wrong.map(([name]) => name);
}

/** Files of `imports/` that are no longer generated. */
function leftOver(root: string, files: ReadonlyMap<string, string>): readonly string[] {
  return readdirSync(path.join(root, 'imports'))
    .filter((name) => name.endsWith('.ts') && name !== BY_HAND)
    .map((name) => `imports/${name}`)
    .filter((name) => !files.has(name));
}

/** Writes the files, or with `--check` only compares; the exit code. */
export async function main(args: readonly string[], root: string): Promise<number> {
  const { check } = parseArgs({ args: [...args], options: { check: { type: 'boolean', default: false } } }).values;
  const code = await generatedCode(root);
  const left = leftOver(root, code);
  const staleCode = [...staleFiles(root, code), ...left];
  if (!check) {
    write(root, code, staleCode);
    for (const name of left) rmSync(path.join(root, name));
  }
  const reference = await generatedReference();
  const stale = [...staleCode, ...staleFiles(root, reference)].sort();
  if (check) {
    if (stale.length > 0) console.error(`Not current: ${stale.join(', ')}; run \`npm run generate\`.`);
    return stale.length > 0 ? 1 : 0;
  }
  write(root, reference, stale);
  console.log(`Wrote ${stale.length - left.length} of ${code.size + reference.size} files.`);
  return 0;
}

function write(root: string, files: ReadonlyMap<string, string>, stale: readonly string[]): void {
  for (const [name, text] of files) {
    if (!stale.includes(name)) continue;
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    process.exitCode = await main(process.argv.slice(2), fileURLToPath(new URL('../../', import.meta.url)));
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
