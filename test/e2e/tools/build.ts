/** `npm run e2e:tools`: builds the programs that the end-to-end tests run, once for each version. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { binaries, binaryPath, commandLine, linkerFlags, moduleFolder, type Binary } from './binaries.ts';

const all = [...binaries, commandLine];

/** Raised for what the person at the keyboard can put right: shown as one sentence, without a stack. */
class Unmet extends Error {}

function wantedGo(): string {
  const versions = all.map((binary) => {
    const file = readFileSync(join(moduleFolder(binary), 'go.mod'), 'utf8');
    return /^go (\S+)$/m.exec(file)?.[1] ?? '0';
  });
  return versions.sort(compareVersions).at(-1) ?? '0';
}

function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number));
  for (let i = 0; i < 3; i++) {
    const difference = (left?.[i] ?? 0) - (right?.[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Asks inside the module, so that a Go which fetches the toolchain it needs answers with that one. */
async function checkGo(binary: Binary): Promise<void> {
  const wanted = wantedGo();
  const how = `install Go ${wanted} or newer from https://go.dev/dl/`;
  const answer = await execa('go', ['env', 'GOVERSION'], { cwd: moduleFolder(binary), reject: false });
  if (answer.failed && answer.code === 'ENOENT') {
    throw new Unmet(`Building the end-to-end tools needs Go, and there is no \`go\` on the PATH: ${how}.`);
  }
  const version = /go(\d[\d.]*)/.exec(answer.stdout)?.[1];
  if (answer.failed || version === undefined || compareVersions(version, wanted) < 0) {
    const found = await execa('go', ['version'], { cwd: dirname(import.meta.dirname), reject: false });
    const installed = /go(\d[\d.]*)/.exec(found.stdout)?.[1] ?? 'of unknown version';
    throw new Unmet(`Building the end-to-end tools needs Go ${wanted}, and the installed one is ${installed}: ${how}.`);
  }
}

/** Builds beside the final place and renames: an interrupted build leaves nothing that looks finished. */
async function build(binary: Binary): Promise<void> {
  const path = binaryPath(binary);
  mkdirSync(dirname(path), { recursive: true });
  const unfinished = `${path}.${process.pid}.tmp`;
  try {
    await execa(
      'go',
      ['build', '-mod=readonly', '-trimpath', `-ldflags=${linkerFlags(binary)}`, '-o', unfinished, binary.target],
      {
        cwd: moduleFolder(binary),
        env: { CGO_ENABLED: '0', GOWORK: 'off' },
        stdio: ['ignore', 'inherit', 'inherit'],
      },
    );
    renameSync(unfinished, path);
  } finally {
    rmSync(unfinished, { force: true });
  }
}

async function main(): Promise<void> {
  const missing = all.filter((binary) => !existsSync(binaryPath(binary)));
  for (const binary of all.filter((built) => !missing.includes(built))) {
    console.log(`${binary.name}: built before, ${binaryPath(binary)}`);
  }
  const first = missing[0];
  if (first === undefined) return;
  await checkGo(first);
  console.log(`Building ${missing.length} programs; the first time this takes 10 to 20 minutes on two cores.`);
  for (const [index, binary] of missing.entries()) {
    const start = Date.now();
    console.log(`[${index + 1}/${missing.length}] ${binary.name} …`);
    await build(binary);
    const size = (statSync(binaryPath(binary)).size / 1e6).toFixed(0);
    console.log(
      `[${index + 1}/${missing.length}] ${binary.name}: ${size} MB in ${((Date.now() - start) / 1000).toFixed(0)} s`,
    );
  }
}

try {
  await main();
} catch (error) {
  console.error(
    error instanceof Error ? (error instanceof Unmet ? error.message : error.message.split('\n')[0]) : error,
  );
  process.exitCode = 1;
}
