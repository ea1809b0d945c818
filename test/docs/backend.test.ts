import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, run, type Result } from '../cli/command.ts';
import { LocalBackend } from '../lambda/local/process.ts';

const MINUTE = 60_000;
const guide = readFileSync(join(ROOT, 'docs/guides/backend.md'), 'utf8');
const blocks = [...guide.matchAll(/^```sh\n([^]*?)^```/gm)].map(([, text = '']) => text);

let backend: LocalBackend;
let walk: Result;

beforeAll(async () => {
  backend = await LocalBackend.start(['--seed', '--port', '0']);
  const script = `set -euo pipefail\n${blocks.join('\n')}`.replaceAll('http://127.0.0.1:3000', backend.url);
  walk = await run('bash', ['-c', script], { root: ROOT });
}, 4 * MINUTE);
afterAll(() => backend.stop());

describe('docs/guides/backend.md', () => {
  it('is a walk that works', () => {
    expect(walk).toMatchObject({ code: 0, stderr: '' });
  });

  it('shows the events and gives the file back', () => {
    expect(walk.stdout).toContain('"type":"post.created"');
    expect(walk.stdout).toContain('One sees the Milky Way again.');
    expect(walk.stdout).toContain('"insightful":1');
    expect(walk.stdout.trimEnd().split('\n').at(-1)).toBe('On a clear night one sees 4,500 stars.');
  });

  it('says where the backend prints what', () => {
    const printed = backend.output();
    expect(printed).toContain('Mail to owl@example.com: the code is');
    expect(printed).toContain("The admin's second factor is at");
    expect(printed).toContain('the password of each is Owls-hunt-at-night-1');
    expect(printed.split('\n').length).toBeLessThan(20);
  });

  it('names the options that there are', async () => {
    const { stdout } = await run('npx', ['--no-install', 'tsx', 'lambda/local/main.ts', '--help'], { root: ROOT });
    for (const [, option = ''] of guide.matchAll(/^\| `(--[a-z]+)/gm)) expect(stdout).toContain(option);
    expect([...guide.matchAll(/^\| `(--[a-z]+)/gm)].length).toBe(4);
  });

  it('ends at once, and leaves nothing', async () => {
    expect(await backend.interrupt()).toBe(0);
    await expect(fetch(backend.url)).rejects.toThrow();
  });
});
