import { afterAll, describe, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { callOwlnest, removeFolders, temporaryFolder } from './command.ts';

afterAll(removeFolders);

function table(namespace: string, managementPolicies: readonly string[]): object {
  return {
    apiVersion: 'dynamodb.aws.m.upbound.io/v1beta1',
    kind: 'Table',
    metadata: { name: 'main', namespace, labels: { 'owlnest.io/holds-data': 'true' } },
    spec: { managementPolicies, forProvider: {} },
  };
}

const KEPT = table('owlnest-gone', ['Observe', 'Create', 'Update']);
const GOING = table('owlnest-brief', ['*']);
const objects = join(temporaryFolder(), 'managed.json');
writeFileSync(objects, JSON.stringify({ apiVersion: 'v1', kind: 'List', metadata: {}, items: [KEPT, GOING] }));

describe('owlnest remains', () => {
  it('says what stays of an environment, whether it has a file or not, and ends with 1', async () => {
    const { code, stdout } = await callOwlnest(['remains', 'gone', '--objects', objects]);
    expect(code).toBe(1);
    expect(stdout).toContain('gone: 1 of 1 resources stay when it is deleted, 0 go.');
    expect(stdout).toContain('it holds data, and its environment protects data:\n    Table.dynamodb/main');
  });

  it('ends with 0 when nothing stays, also for programs', async () => {
    const { code, stdout } = await callOwlnest(['remains', 'brief', '--objects', objects, '-o', 'json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ environment: 'brief', remaining: [], goes: 1 });
  });

  it('says in one sentence why it cannot tell', async () => {
    const nowhere = await callOwlnest(['remains', 'gone', '--objects', '/does/not/exist']);
    expect(nowhere).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('does not exist') });
    const both = await callOwlnest(['remains', 'gone', '--objects', objects, '--context', 'x']);
    expect(both).toMatchObject({ code: 2, stderr: expect.stringContaining('exclude each other') });
  });
});
