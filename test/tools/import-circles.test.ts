/** No file imports one that imports it in turn, types included: each can be read after what it stands on. */
import { readFileSync } from 'node:fs';
import { dirname, posix } from 'node:path';
import { alg, Graph } from '@dagrejs/graphlib';
import { expect, it } from '@jest/globals';
import { execaSync } from 'execa';
import { ROOT } from '../../cli/project.ts';

/** The circles among files, given the text of each by its path. */
function circlesOf(files: ReadonlyMap<string, string>): readonly (readonly string[])[] {
  const graph = new Graph();
  for (const [path, text] of files) {
    for (const [, imported = ''] of text.matchAll(/^(?:import|export)\b[^;]*? from '(\.[^']+)';/gms)) {
      graph.setEdge(path, posix.join(dirname(path), imported));
    }
  }
  return alg.findCycles(graph);
}

it('there is none', () => {
  const paths = execaSync('git', ['ls-files', '*.ts'], { cwd: ROOT }).stdout.split('\n');
  expect(paths.length).toBeGreaterThan(300);
  expect(circlesOf(new Map(paths.map((path) => [path, readFileSync(`${ROOT}${path}`, 'utf8')])))).toEqual([]);
});

it('one would be found, of types as well', () => {
  const files = new Map([
    ['a/one.ts', "import {\n  type Two,\n} from './two.ts';\n"],
    ['a/two.ts', "export type { One } from '../a/one.ts';\n"],
  ]);
  expect(circlesOf(files).map((circle) => [...circle].sort())).toEqual([['a/one.ts', 'a/two.ts']]);
});
