import { createServer } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { ROOT, run, type Result } from '../../cli/command.ts';

const MINUTE = 60_000;

function backend(...parameters: readonly string[]): Promise<Result> {
  return run(process.execPath, ['--import', 'tsx', 'lambda/local/main.ts', ...parameters], { root: ROOT });
}

describe('npm run backend', () => {
  it.each([
    [['--port', 'many'], /^error: option '--port <number>' .* A port is a whole number from 0 .* to 65535\.\n$/],
    [['--port', '70000'], /A port is a whole number/],
    [['--store', 'paper'], /^error: .*'--store <name>' .*'paper' is invalid.*twin, dynamodb-local\.\n$/],
    [['--sed'], /^error: unknown option '--sed'\n\(Did you mean --seed\?\)\n$/],
    [['seed'], /^error: too many arguments/],
  ])(
    'refuses %s',
    async (parameters, sentence) => {
      const { code, stdout, stderr } = await backend(...parameters);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(sentence);
    },
    MINUTE,
  );

  it(
    'says that a port is taken',
    async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      const { code, stdout, stderr } = await backend('--port', String(port));
      server.close();
      expect({ code, stdout, stderr }).toEqual({
        code: 1,
        stdout: '',
        stderr: `Port ${port} is taken: end what uses it, or choose another with --port.\n`,
      });
    },
    MINUTE,
  );

  it(
    'says what DynamoDB Local needs',
    async () => {
      const parameters = ['--import', 'tsx', 'lambda/local/main.ts', '--store', 'dynamodb-local'];
      const { code, stderr } = await run(process.execPath, parameters, { root: ROOT, env: { PATH: '/nowhere' } });
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: 'DynamoDB Local cannot be used: there is no java; install Java 17.\n',
      });
    },
    MINUTE,
  );
});
