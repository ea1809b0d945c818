/** The kept CRDs of Crossplane are those of the very module that the tests' core is built from. Needs Go. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { execa } from 'execa';
import { parse } from 'yaml';
import { asObject } from '../../crossplane/schema/json.ts';
import { crdLines } from '../../tools/import/crds.ts';
import { CORE_CRDS } from './harness/crds.ts';
import { binaries, moduleFolder } from './tools/binaries.ts';

test('the kept CRDs of core are those of its Go module, without prose (OWLNEST_GOLDEN=write takes them from there)', async () => {
  const core = binaries.find(({ name }) => name === 'crossplane');
  if (core === undefined) throw new Error('Core is none of the programs.');
  const module = ['list', '-mod=readonly', '-m', '-f', '{{.Dir}}', 'github.com/crossplane/crossplane/v2'];
  const { stdout } = await execa('go', module, { cwd: moduleFolder(core) });
  const folder = join(stdout.trim(), 'cluster', 'crds');
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  const text = crdLines(files.map((name) => asObject(parse(readFileSync(join(folder, name), 'utf8')))));
  if (process.env['OWLNEST_GOLDEN'] === 'write') writeFileSync(CORE_CRDS, gzipSync(text, { level: 9 }));
  // No diff of 400 kB.
  expect(gunzipSync(readFileSync(CORE_CRDS)).toString('utf8') === text).toBe(true);
});
