import { afterAll, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { callOwlnest, changedConfig, owlnest, project, removeFolders, temporaryFolder } from './command.ts';

afterAll(removeFolders);

/** Runs `owlnest new environment …` in a checkout of its own. */
async function make(line: string, root = project({}), run = callOwlnest) {
  const result = await run(['new', 'environment', ...line.split(' ')], { root });
  const [name = ''] = line.split(' ');
  const path = join(root, `config/${name}.json`);
  return { ...result, root, path, file: existsSync(path) ? readFileSync(path, 'utf8') : undefined };
}

describe('owlnest new environment', () => {
  it('writes the shortest file, and render says what to fill in', async () => {
    const { code, stdout, stderr, file = '', root } = await make('preview', project({}), owlnest);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(
      'Wrote config/preview.json.\nFill in there: account, domainName, alertEmail.\nThen: npx owlnest render preview\n',
    );
    expect(JSON.parse(file)).toEqual({
      $schema: './environment.schema.json',
      environment: 'preview',
      tier: 'development',
      domainName: 'preview.owlnest.example',
      alertEmail: 'alerts@owlnest.example',
      budgetLimit: 60,
      account: '000000000000',
    });
    expect(await callOwlnest(['render', 'preview'], { root })).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'config/preview.json: account breaks a rule, received "000000000000"; write the id of your AWS account.\n',
    });
    // A second one is to be filled in by itself.
    expect(await make('preview2', root)).toMatchObject({ code: 0, file: expect.not.stringContaining('accountScope') });
  }, 30_000);

  it('writes what is said, and render works on it', async () => {
    const said =
      '--account 111122223333 --domain eu.owlnest.example --email eu@owlnest.example --budget 80.5 --tier production';
    const { code, stdout, file = '', root } = await make(`europe ${said}`);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'Wrote config/europe.json.\nThen: npx owlnest render europe\n',
    });
    expect(JSON.parse(file)).toMatchObject({
      tier: 'production',
      domainName: 'eu.owlnest.example',
      alertEmail: 'eu@owlnest.example',
      budgetLimit: 80.5,
      account: '111122223333',
    });
    const out = join(temporaryFolder(), 'dist');
    expect(await callOwlnest(['render', 'europe', '--out', out], { root })).toMatchObject({ code: 0 });
    expect(existsSync(join(out, 'environments/europe/environment.yaml'))).toBe(true);
  }, 30_000);

  it('makes it a member of an account that is another’s', async () => {
    const { file = '' } = await make('preview --account 123456789012', project(changedConfig('production', {})));
    expect(JSON.parse(file)).toMatchObject({ account: '123456789012', accountScope: 'member' });
  });

  it('never overwrites', async () => {
    const root = project({ 'config/preview.json': 'mine' });
    expect(await make('preview', root)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: 'config/preview.json is there already; edit it, or choose another name.\n',
      file: 'mine',
    });
  });

  it.each([
    [
      '../preview',
      '"../preview" is no name of an environment; use 3 to 15 lower-case letters and digits, a letter first.',
    ],
    ['Preview', '"Preview" is no name of an environment; use 3 to 15 lower-case letters and digits, a letter first.'],
    [
      'preview --account 12',
      'config/preview.json: account is "12"; it must have the form /^[0-9]{12}$/ (AWS account id: 12 digits).',
    ],
    [
      'preview --budget ten',
      'config/preview.json: budgetLimit is "ten"; it must be of type number (Monthly budget in US dollars).',
    ],
    [
      'preview --domain owlnest.example',
      'config/preview.json: domainName is "owlnest.example", but owlnest.example is a name of config/production.json already; give each environment its own.',
    ],
  ])('%s writes nothing', async (line, sentence) => {
    const { code, stdout, stderr, file } = await make(line);
    expect({ code, stdout, stderr, file }).toEqual({ code: 1, stdout: '', stderr: `${sentence}\n`, file: undefined });
  });
});
