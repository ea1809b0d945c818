import { writeFileSync } from 'node:fs';
import { environmentSchema, TIERS } from '../config/environment.ts';
import { parseEnvironments } from '../config/parse.ts';
import { PLACEHOLDER_ACCOUNT } from '../config/rules.ts';
import { shown } from '../config/text.ts';
import { placeOf } from '../config/together.ts';
import { CONFIG, readConfig } from './environments.ts';
import { isSystemError, UserError } from './errors.ts';
import { ROOT } from './project.ts';

/** What was said on the command line. */
export interface NewEnvironment {
  readonly account?: string;
  readonly domain?: string;
  readonly email?: string;
  readonly budget?: string;
  readonly tier?: string;
}

/** Smallest budget of the reckoning in US dollars a month: that of development. */
const BUDGET = 60;

/**
 * Writes the shortest file of an environment. What was not said gets a value that is nobody's (the domain `.example`, the
 * placeholder of an account), and is named. Never overwrites; throws a UserError before anything is written.
 */
export function newEnvironment(name: string, options: NewEnvironment): void {
  if (!environmentSchema.shape.environment.safeParse(name).success) {
    throw new UserError([
      `${shown(name)} is no name of an environment; use 3 to 15 lower-case letters and digits, a letter first.`,
    ]);
  }
  const path = `${CONFIG}/${name}.json`;
  const text = fileText(path, name, options);
  try {
    writeFileSync(`${ROOT}${path}`, text, { flag: 'wx' });
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const sentence =
      error.code === 'EEXIST'
        ? `${path} is there already; edit it, or choose another name.`
        : `${path} cannot be written (${error.message}).`;
    throw new UserError([sentence], { cause: error });
  }
  const { account, domain, email } = options;
  const open = Object.entries({ account, domainName: domain, alertEmail: email }).filter(
    ([, said]) => said === undefined,
  );
  const fill = open.length === 0 ? '' : `Fill in there: ${open.map(([key]) => key).join(', ')}.\n`;
  process.stdout.write(`Wrote ${path}.\n${fill}Then: npx owlnest render ${name}\n`);
}

/** Throws a UserError if the file would be wrong by itself or beside those that are there. */
function fileText(path: string, name: string, options: NewEnvironment): string {
  const {
    account = PLACEHOLDER_ACCOUNT,
    domain = `${name}.owlnest.example`,
    email = 'alerts@owlnest.example',
  } = options;
  const isTier = TIERS.some((tier) => tier === name);
  const tier = options.tier ?? (isTier ? undefined : 'development');
  const others = readConfig().filter((file) => file.path !== path);
  const places = parseEnvironments(others).environments.map(placeOf);
  const isShared = account !== PLACEHOLDER_ACCOUNT && places.includes(placeOf({ config: { account } }));
  const settings = {
    $schema: './environment.schema.json',
    environment: name,
    ...(tier === undefined ? {} : { tier }),
    domainName: domain,
    alertEmail: email,
    budgetLimit: options.budget === undefined ? BUDGET : numberIn(options.budget),
    account,
    ...(isShared ? { accountScope: 'member' } : {}),
  };
  const text = `${JSON.stringify(settings, null, 2)}\n`;
  const { problems } = parseEnvironments([...others, { path, text }]);
  const ours = problems.filter(({ file }) => file === path).map(({ message }) => message);
  if (ours.length > 0) throw new UserError(ours);
  return text;
}

/** What is no number stays as it was written, so that the check of the file says so. */
function numberIn(text: string): number | string {
  const number = Number(text);
  return Number.isFinite(number) ? number : text;
}
