import { logVerbosity, setLogVerbosity } from '@grpc/grpc-js';
import { getLogger } from '@grpc/grpc-js/build/src/logging.js';
import { describe, expect, test } from '@jest/globals';
import { answerCall, type CallRecord } from '../../crossplane/server/call.ts';
import { createLog, takeGrpcLog } from '../../crossplane/server/log.ts';
import { echo } from './network.ts';
import { composite, key, requestOf } from './sample.ts';
import { RunFunctionRequest } from '@crossplane-org/function-sdk-typescript';

/** The lines of a log. */
function logged(write: (log: ReturnType<typeof createLog>) => void): readonly string[] {
  const lines: string[] = [];
  write(createLog({ release: '1.0.0', stream: { write: (line) => void lines.push(line) } }));
  return lines;
}

function recordOf(request: RunFunctionRequest, thrown?: unknown): CallRecord {
  const compose = (): never => {
    throw thrown;
  };
  const composer = thrown === undefined ? echo : { ...echo, compose };
  return answerCall(composer, Buffer.from(RunFunctionRequest.encode(request).finish())).record;
}

describe('a line of a call', () => {
  test.each([
    ['one line', new Error('hunter2 is wrong')],
    ['lines that look like places', new Error('wrong:\n    at hunter2 (secret.ts:1:1)\n    at hunter2')],
    ['the text of its name', Object.assign(new Error('hunter2'), { name: 'hunter2Error' })],
    ['no error at all', 'hunter2'],
  ])('of an error with %s has its places and not what it says', (_, thrown) => {
    const [line = ''] = logged((log) => {
      log.call(recordOf(requestOf(composite, [key]), thrown));
    });

    expect(line).toContain('"outcome":"failed"');
    if (thrown instanceof Error) expect(line).toContain('log.test.ts');
    expect(line.replace('hunter2Error', '')).not.toContain('hunter2');
  });

  test('stays short, whatever the caller writes into tag and names', () => {
    const long = 'x'.repeat(1_000_000);
    const metadata = { name: long, namespace: long };
    const request = { ...requestOf({ ...composite, kind: long, metadata }, []), meta: { tag: long, capabilities: [] } };
    const thrown = Object.assign(new Error(long), { name: long });
    const lines = logged((log) => {
      log.call(recordOf(request));
      log.call(recordOf(request, thrown));
      log.warn('certificate refused', { reason: long });
    });

    expect(lines).toHaveLength(3);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(6_000);
    expect(lines[0]).toContain('(1000000 characters)');
  });
});

test('what gRPC says is said once, and stays short', () => {
  setLogVerbosity(logVerbosity.ERROR);
  const lines = logged((log) => {
    takeGrpcLog(log);
    for (let time = 0; time < 3; time += 1) {
      getLogger().error?.(`2026-01-01T00:00:0${time}.000Z | server | The same.`);
      getLogger().error?.('x'.repeat(1_000_000));
    }
    for (let time = 0; time < 1_000; time += 1) getLogger().error?.(`Another ${time}.`);
  });

  expect(lines.filter((line) => line.includes('The same.'))).toHaveLength(1);
  expect(lines.length).toBeLessThanOrEqual(100);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(1_000);
});
