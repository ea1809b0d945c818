import { Command, Option } from '@commander-js/extra-typings';
import { isSystemError, report } from './errors.ts';
import { checkoutVersion } from './project.ts';
import { addServe } from './serve-command.ts';

/** Exit code for a command line that makes no sense. */
const USAGE = 2;

/** Runs the command line. Commands load their modules only when they are called. */
export async function main(argv: readonly string[]): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', endQuietly);
  const program = new Command('owlnest')
    .description('Runs the production platform of a serverless community application on AWS, from git.')
    .version(checkoutVersion().version)
    .option('--debug', 'show the stack of an error')
    .showHelpAfterError('(owlnest --help shows what there is)')
    .exitOverride();
  const guard =
    <Parameters extends readonly unknown[]>(action: (...parameters: Parameters) => Promise<void> | void) =>
    async (...parameters: Parameters): Promise<void> => {
      try {
        await action(...parameters);
      } catch (error) {
        report(error, program.opts().debug === true);
      }
    };

  program
    .command('render')
    .description('converge environments on the embedded control plane and write dist/')
    .argument('[env...]', 'environments to write; all of config/ unless named')
    .option('--out <dir>', 'folder to write', 'dist')
    .action(guard(async (names, { out }) => (await import('./render.ts')).render(names, out)));
  program
    .command('converge')
    .description('converge one environment and show how it ends, without writing anything')
    .argument('<env>', 'environment of config/')
    .option('--json', 'the numbers as JSON')
    .option(
      '--against <path>',
      'say what taking over the recorded resources changes: file, folder or "-" of kubectl get managed -A -o yaml',
    )
    .action(guard(async (name, options) => (await import('./converge.ts')).converge(name, options)));
  program
    .command('validate')
    .description('check Kubernetes objects in YAML or JSON files against the schemas that OwlNest knows')
    .argument('<path...>', 'files, or folders with .yaml, .yml and .json files')
    .action(guard(async (paths) => (await import('./validate.ts')).validate(paths)));
  program
    .command('new')
    .description('write a new file')
    .command('environment')
    .description(
      'write the shortest file of an environment, config/<name>.json, with defaults for all that is not said',
    )
    .argument('<name>', 'name: 3 to 15 lower-case letters and digits, a letter first')
    .option('--account <id>', 'AWS account id, 12 digits; to be filled in unless said')
    .option('--domain <name>', 'domain name (default: <name>.owlnest.example)')
    .option('--email <address>', 'where alarms go (default: alerts@owlnest.example)')
    .option('--budget <dollars>', 'monthly budget in US dollars (default: 60)')
    .option('--tier <tier>', 'development, staging or production (default: the name if it is one, else development)')
    .action(guard(async (name, options) => (await import('./new-environment.ts')).newEnvironment(name, options)));
  program
    .command('orphans')
    .description('list what AWS has of an environment and no object stands for; changes nothing')
    .argument('<env>', 'environment, with a file in config/ or with --region')
    .option('--context <name>', 'context of the kubeconfig whose cluster has the objects (default: its current one)')
    .option('--objects <path>', 'file or folder of the objects instead, or "-": kubectl get managed -A -o yaml')
    .option('--region <region...>', 'ask AWS there, too; needed for an environment whose file is gone')
    .addOption(
      new Option('-o, --output <format>', 'format').choices(['table', 'json'] as const).default('table' as const),
    )
    .addHelpText('after', '\nExit codes: 0 no orphans, 1 some, 2 it cannot be told. See docs/guides/orphans.md.')
    .action(guard(async (name, options) => (await import('./orphans.ts')).orphans(name, options)));
  program
    .command('remains')
    .description(
      'list what the deletion of an environment leaves, and why: before, during and after it; changes nothing',
    )
    .argument('<env>', 'environment, with or without a file in config/')
    .option('--context <name>', 'context of the kubeconfig whose cluster has the objects (default: its current one)')
    .option('--objects <path>', 'file or folder of the objects instead, or "-": kubectl get managed -A -o yaml')
    .addOption(
      new Option('-o, --output <format>', 'format').choices(['text', 'json'] as const).default('text' as const),
    )
    .addHelpText(
      'after',
      '\nExit codes: 0 nothing, 1 something, 2 it cannot be told. See docs/guides/delete-environment.md.',
    )
    .action(guard(async (name, options) => (await import('./remains.ts')).remains(name, options)));
  const config = program.command('config').description('look at the environment files');
  config
    .command('show')
    .description('every setting of an environment: value, where it comes from, what it means')
    .argument('<env>', 'environment of config/')
    .action(guard(async (name) => (await import('./config.ts')).showConfig(name)));
  addServe(
    program,
    guard(async (options) => {
      const [{ serve }, { openToolchain }] = await Promise.all([import('./serve.ts'), import('./toolchain.ts')]);
      await serve(options, openToolchain());
    }),
  );
  program
    .command('doctor')
    .description('look at what this machine has for working with OwlNest')
    .action(guard(async () => (await import('./doctor.ts')).doctor()));
  program
    .command('synth', { hidden: true })
    .description('write what is applied to a cluster; cdk8s calls it')
    .action(guard(async () => (await import('./synth.ts')).synth()));

  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    process.exitCode = exitCodeOf(error);
  }
}

/** The reader of a pipe has seen enough (`| head`): nothing to say, and nobody to say it to. */
function endQuietly(error: Error): void {
  if (isSystemError(error) && error.code === 'EPIPE') process.exit();
  throw error;
}

/** commander ends --help and --version by a throw, too. */
function exitCodeOf(error: unknown): number {
  const code: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'exitCode') : undefined;
  return code === 0 ? 0 : USAGE;
}
