import { afterAll, describe, expect, it } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { callOwlnest, changedConfig, owlnest, project, removeFolders, ROOT, run, temporaryFolder } from './command.ts';

const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
const TABLE = `apiVersion: dynamodb.aws.m.upbound.io/v1beta1
kind: Table
metadata: { name: it }
spec: { forProvider: { region: eu-west-1, billingMode: PAY_PER_REQUEST, hashKey: PK, attribute: [{ name: PK, type: S }] } }
`;

afterAll(removeFolders);

/** Every sentence of stderr; a stack is none. */
function sentences(stderr: string): readonly string[] {
  expect(stderr).not.toMatch(/^ +at /m);
  return stderr.trimEnd().split('\n');
}

describe('the command line', () => {
  it.each(['', 'render', 'converge', 'validate', 'config', 'config show', 'new', 'new environment', 'doctor'])(
    'owlnest %s --help',
    async (command) => {
      const { code, stdout, stderr } = await callOwlnest([...command.split(' ').filter(Boolean), '--help']);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toContain(`Usage: owlnest ${command}`.trimEnd());
    },
  );

  it('owlnest --version', async () => {
    expect(await owlnest(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('is the same in a process of its own and called from a test', async () => {
    for (const line of [['--help'], ['rendr']]) expect(await owlnest(line)).toEqual(await callOwlnest(line));
  }, 30_000);

  it.each([
    ['rendr', "unknown command 'rendr'"],
    ['render --outt x', "unknown option '--outt'"],
    ['converge', "missing required argument 'env'"],
    ['converge a b', 'too many arguments'],
    ['validate', "missing required argument 'path'"],
    ['config shw', "unknown command 'shw'"],
  ])('owlnest %s is a mistake of use', async (line, message) => {
    const { code, stdout, stderr } = await callOwlnest(line.split(' '));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(sentences(stderr)[0]).toContain(message);
  });

  it('owlnest alone shows what there is', async () => {
    const { code, stderr } = await callOwlnest([]);
    expect(code).toBe(2);
    expect(stderr).toContain('render');
  });

  it('shows the stack to those who ask', async () => {
    const { code, stderr } = await owlnest(['converge', 'nobody', '--debug']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^ +at /m);
  }, 30_000);

  it('says nothing when the reader of a pipe has seen enough', async () => {
    const line = `"${process.execPath}" cli/owlnest.js config show production | head -1; exit "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = await run('bash', ['-c', line]);
    expect(stdout.split('\n')).toHaveLength(2);
    expect(stderr).toBe('');
  }, 30_000);

  it('survives a reader that is gone before it writes', async () => {
    const line = `{ "${process.execPath}" cli/owlnest.js config show production; echo "code $?" >&2; } | true`;
    const { stderr } = await run('bash', ['-c', line]);
    expect(stderr).toBe('code 0\n');
  }, 30_000);

  it.each([{ NO_COLOR: '1' }, { CI: 'true' }])(
    'writes plain text where nobody watches: %p',
    async (env) => {
      const { code, stdout, stderr } = await owlnest(['render', '--out', join(temporaryFolder(), 'dist')], { env });
      expect(code).toBe(0);
      expect(stdout).not.toContain('\u001b');
      expect(stderr).not.toContain('\u001b');
      expect(stderr).toContain('production: converging\n');
    },
    30_000,
  );
});

describe('owlnest converge', () => {
  it('gives the numbers as JSON, and nothing else', async () => {
    const { code, stdout } = await owlnest(['converge', 'production', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      environment: 'production',
      ready: true,
      waiting: 0,
      findings: [],
      layers: { storage: { waiting: 0 } },
    });
  }, 30_000);

  it('shows a table', async () => {
    const { code, stdout } = await callOwlnest(['converge', 'staging']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/│ staging +│ storage +│/);
  }, 30_000);

  it('knows only what config/ describes', async () => {
    const { code, stderr } = await callOwlnest(['converge', 'x\u001b[31m']);
    expect(code).toBe(1);
    expect(sentences(stderr)).toEqual([
      'There is no environment x\\u001b[31m; config/ describes development, staging, production.',
    ]);
  }, 30_000);
});

describe('owlnest config show', () => {
  it('says of every setting where its value comes from', async () => {
    const domainName = `${'long-label.'.repeat(8)}example`;
    const { code, stdout } = await callOwlnest(['config', 'show', 'production'], {
      root: project(changedConfig('production', { domainName })),
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/│ account +│ "\d{12}" +│ config\/production\.json │/);
    expect(stdout).toMatch(/│ edge\.waf\.mode +│ "block" +│ default +│/);
    expect(stdout).toMatch(/│ domain\.zone\.adopt +│ – +│ not set +│/);
    const cells = stdout.split('\n').map((line) => line.split('│')[2]?.trim() ?? '');
    expect(cells.join('')).toContain(`"${domainName}"`);
  }, 30_000);
});

describe('owlnest validate', () => {
  it('takes what render wrote', async () => {
    const out = join(temporaryFolder(), 'dist');
    await callOwlnest(['render', '--out', out]);
    const { code, stdout, stderr } = await callOwlnest(['validate', out]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      /^\d{2,} objects in \d+ files are valid(; \d+ of kinds without a schema here were not checked)?\.\n$/,
    );
  }, 30_000);

  it('says what is wrong with each file in one sentence', async () => {
    const cases: Readonly<Record<string, readonly [string, RegExp | undefined]>> = {
      'good.yaml': [TABLE, undefined],
      'good.json': ['{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}', undefined],
      'other.yaml': ['replicas: 2\n', undefined],
      'unknown-field.yaml': [
        TABLE.replace('billingMode', 'billingMod'),
        /Table\.dynamodb\.aws\.m\.upbound\.io\/it: spec\.forProvider\.billingMod is not a known field.*billingMode/,
      ],
      'wrong-value.yaml': [TABLE.replace('PK, type: S', 'PK, type: 5'), /Table\..*attribute\[0\]\.type .*received 5/],
      'broken.yaml': ['a: [1\nb: 2\n', /is not YAML: .* line \d+, column \d+; mend it there/],
      'twice.yaml': ['a: 1\na: 2\n', /is not YAML: Map keys must be unique .*/],
      'nameless.yaml': ['apiVersion: v1\nkind: Pod\n', /a document has no apiVersion, kind and metadata\.name/],
      'laughs.yaml': [
        'a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c]\n',
        /cannot be read \(Excessive alias count.*\)/,
      ],
      'escape.yaml': [
        TABLE.replace('hashKey: PK', 'hashKey: PK, readCapacity: "\\e[31m\\u202e"'),
        /\\u001b\[31m\\u202e/,
      ],
    };
    const folder = temporaryFolder();
    for (const [name, [text]] of Object.entries(cases)) writeFileSync(join(folder, name), text);
    const { code, stdout, stderr } = await callOwlnest(['validate', folder]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    const lines = sentences(stderr);
    for (const line of lines) expect(line).toMatch(/\.$/);
    for (const [name, [, message]] of Object.entries(cases)) {
      const found = lines.filter((line) => line.startsWith(`${folder}/${name}: `));
      expect(found).toEqual(message === undefined ? [] : [expect.stringMatching(message)]);
    }
  }, 30_000);

  it('a file that is named must hold objects', async () => {
    const file = join(temporaryFolder(), 'a.yaml');
    writeFileSync(file, 'replicas: 2\n');
    const { code, stderr } = await callOwlnest(['validate', file]);
    expect(code).toBe(1);
    expect(stderr).toBe(`${file}: a document has no apiVersion, kind and metadata.name; add what is missing.\n`);
  }, 30_000);

  it('a path that is not there, and a folder without files', async () => {
    const folder = temporaryFolder();
    expect(await owlnest(['validate', `${folder}/none`])).toEqual({
      code: 1,
      stdout: '',
      stderr: `${folder}/none does not exist.\n`,
    });
    expect((await callOwlnest(['validate', folder])).stderr).toBe(
      `${folder}: no .yaml, .yml or .json file is there.\n`,
    );
  }, 30_000);
});

describe('owlnest doctor', () => {
  it('has a line for everything, with what to do', async () => {
    const { code, stdout } = await owlnest(['doctor'], {
      env: { KUBECONFIG: '/nonexistent', HOME: temporaryFolder() },
    });
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.map((line) => line.slice(0, 16).trim())).toEqual([
      'Node',
      'npm',
      'go',
      'java',
      'python3',
      'caches',
      'kubectl context',
      'config',
    ]);
    for (const line of lines.filter((one) => !one.includes(' ok '))) expect(line).toContain(' → ');
  }, 30_000);

  it('names a broken config', async () => {
    const { code, stdout } = await owlnest(['doctor'], { root: project({ 'config/staging.json': '{' }) });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^config +broken +config\/staging\.json is not JSON: .* → mend the file$/m);
  }, 30_000);
});
