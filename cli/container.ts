import { Command } from '@commander-js/extra-typings';
import type { Release } from '../crossplane/definition/release.ts';
import { assembleToolchain } from './assemble.ts';
import { report } from './errors.ts';
import { addServe } from './serve-command.ts';
import { serve } from './serve.ts';

/** What a bundle carries inside, since there is no checkout around it. */
export interface Carried {
  /** Texts of `imports/lock/`, by name without `.json`. */
  readonly lock: Readonly<Record<string, string>>;
  readonly release: Release;
}

/** The command line of the one-file bundle: `tools/bundle` writes the call of it. */
export async function runContainer(argv: readonly string[], { lock, release }: Carried): Promise<void> {
  const read = (name: string): string => {
    const text = lock[name];
    if (text === undefined) throw new Error(`This bundle carries no schemas of ${name}.`);
    return text;
  };
  const program = new Command('owlnest').description('OwlNest as a composition function.').version(release.version);
  addServe(program, async (options) => {
    try {
      await serve(options, assembleToolchain(read, release));
    } catch (error) {
      report(error, false);
    }
  });
  await program.parseAsync([...argv]);
}
