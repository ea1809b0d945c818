import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loadEnvironments } from '../../cli/environments.ts';
import { ROOT } from '../../cli/project.ts';
import { convergeEnvironment } from '../../cli/rendering.ts';
import { openWorkshop } from '../../cli/workshop.ts';
import { parseControls } from '../../policy/controls.ts';
import { configReference } from './config-reference.ts';
import { fileJsonSchema } from './config-schema.ts';
import { generateService } from './generate.ts';
import { layerReferences } from './layer-reference.ts';
import { policyReference } from './policy-reference.ts';

/** The only file in `imports/` beside the generated ones. */
const BY_HAND = 'base.ts';

/** The generated files by their path in the checkout; throws one sentence if there is no lock. */
export function generated(root: string): ReadonlyMap<string, string> {
  const schema = fileJsonSchema();
  return new Map([
    ...kinds(path.join(root, 'imports/lock')),
    ['config/environment.schema.json', `${JSON.stringify(schema, null, 2)}\n`],
    ['docs/reference/config.md', configReference(schema)],
    ...references(),
  ]);
}

/** What is read from production as it ends. */
function references(): readonly (readonly [string, string])[] {
  const workshop = openWorkshop();
  const environments = loadEnvironments(workshop.schemas, workshop.release);
  const production = environments.find(({ name }) => name === 'production');
  if (production === undefined)
    throw new Error('There is no config/production.json, which the references are made from.');
  const { report, objects } = convergeEnvironment(production, workshop);
  const controls = parseControls(readFileSync(`${ROOT}policy/data/security-controls.json`, 'utf8'));
  return [
    ...layerReferences(report),
    ['docs/reference/policy.md', policyReference(controls, objects, workshop.schemas)],
  ];
}

function kinds(lock: string): readonly (readonly [string, string])[] {
  if (!existsSync(lock)) throw new Error(`There is no schema lock at ${lock}; run \`npm run import\` first.`);
  const services = readdirSync(lock)
    .filter((name) => name.endsWith('.json') && name !== 'index.json')
    .map((name) => name.slice(0, -'.json'.length))
    .sort();
  return services.flatMap((service) => {
    const text = generateService(service, readFileSync(path.join(lock, `${service}.json`), 'utf8'));
    return text === undefined ? [] : [[`imports/${service}.ts`, text] as const];
  });
}

/** Files that are missing, changed, or no longer generated. */
export function staleFiles(root: string, files: ReadonlyMap<string, string>): readonly string[] {
  const wrong = [...files].filter(([name, text]) => {
    const file = path.join(root, name);
    return !existsSync(file) || readFileSync(file, 'utf8') !== text;
  });
  return [...wrong.map(([name]) => name), ...leftOver(root, files)].sort();
}

function leftOver(root: string, files: ReadonlyMap<string, string>): readonly string[] {
  return readdirSync(path.join(root, 'imports'))
    .filter((name) => name.endsWith('.ts') && name !== BY_HAND)
    .map((name) => `imports/${name}`)
    .filter((name) => !files.has(name));
}

/** Writes the files, or with `--check` only compares; the exit code. */
export function main(args: readonly string[], root: string): number {
  const { check } = parseArgs({ args: [...args], options: { check: { type: 'boolean', default: false } } }).values;
  const files = generated(root);
  const stale = staleFiles(root, files);
  if (check) {
    if (stale.length > 0) console.error(`Not current: ${stale.join(', ')}; run \`npm run generate\`.`);
    return stale.length > 0 ? 1 : 0;
  }
  for (const [name, text] of files) {
    if (!stale.includes(name)) continue;
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
  for (const name of leftOver(root, files)) rmSync(path.join(root, name));
  console.log(`Wrote ${stale.length} of ${files.size} files.`);
  return 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    process.exitCode = main(process.argv.slice(2), fileURLToPath(new URL('../../', import.meta.url)));
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
