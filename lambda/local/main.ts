import process from 'node:process';
import { Command, CommanderError, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import type { Backend } from './server.ts';
import type { LocalTable } from './stores/store.ts';

const GUIDE = 'docs/guides/backend.md';
/** Of a command line that makes no sense, as of `owlnest`. */
const USAGE = 2;

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('A port is a whole number from 0 (any that is free) to 65535.');
}

const command = new Command('npm run backend --')
  .description('runs the backend on this machine: the real functions, with stand-ins for the services of AWS')
  .option('--port <number>', 'port of the loopback address', portOf, 3000)
  .addOption(
    new Option('--store <name>', "where the table is: in this process, or AWS's own DynamoDB Local (Java 17, Maven)")
      .choices(['twin', 'dynamodb-local'] as const)
      .default('twin' as const),
  )
  .option('--seed', 'begin with a small community')
  .option('--log', 'print a line for each request, as the functions log it')
  .addHelpText('after', `\nNothing is kept when it ends. The guide is ${GUIDE}.`)
  .allowExcessArguments(false)
  .exitOverride();

async function tableOf(store: 'twin' | 'dynamodb-local'): Promise<LocalTable> {
  if (store === 'twin') return (await import('./stores/twin.ts')).twinTable();
  return (await import('./stores/dynamodb-local.ts')).dynamoDbLocalTable();
}

async function main(): Promise<void> {
  const { port, store, seed: seeds, log } = command.parse().opts();
  let backend: Backend | undefined;
  let ending = false;
  const end = (): void => {
    // Whoever asks twice does not want to wait.
    if (ending) process.exit(130);
    ending = true;
    const stopped = backend?.stop() ?? Promise.resolve();
    stopped.finally(() => process.exit(0)).catch(() => undefined);
  };
  // Not `once`: execa would take a listener that is gone for nobody who handles the signal, and end the process.
  process.on('SIGINT', end);
  process.on('SIGTERM', end);

  const table = await tableOf(store);
  let quiet = true;
  try {
    const { startBackend } = await import('./server.ts');
    backend = await startBackend({
      port,
      table,
      logLevel: log === true ? 'info' : 'error',
      mail: (email, { code, purpose }) => {
        if (!quiet) console.log(`Mail to ${email}: the code is ${code} (${purpose}).`);
      },
    });
  } catch (error) {
    await table.stop();
    throw error;
  }
  const { url } = backend;
  console.log(`OwlNest's backend is at ${url}: operations to try at ${url}/, a walk through them in ${GUIDE}.`);
  if (seeds === true) {
    const { seed, SEED_PASSWORD } = await import('./seed/seed.ts');
    const people = await seed(backend);
    console.log(`${people.length} people are there; the password of each is ${SEED_PASSWORD}`);
    for (const { email, role } of people) console.log(`  ${email.padEnd(20)} ${role}`);
    console.log(`The admin's second factor is at ${url}/local/codes/${people[0]?.email}`);
  }
  quiet = false;
  console.log('Ctrl-C ends it; nothing is kept.');
}

/** One sentence for the person at the keyboard. */
function sentenceOf(error: unknown): string {
  const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  const isForbidden = error instanceof Error && 'code' in error && error.code === 'EACCES';
  if (isTaken) return `Port ${command.opts().port} is taken: end what uses it, or choose another with --port.`;
  if (isForbidden) return `Port ${command.opts().port} needs rights that you do not have: choose one with --port.`;
  return error instanceof Error ? error.message : String(error);
}

try {
  await main();
} catch (error) {
  // commander has said why.
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : USAGE);
  console.error(sentenceOf(error));
  process.exit(1);
}
