import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { repairTree, swapTree } from '../../cli/tree.ts';
import { removeFolders, temporaryFolder, treeOf } from './command.ts';

/** No process has it: it is above what any system gives. */
const GONE = 2 ** 30;
const SUMMARY = { path: 'summary.json', text: '{"environments":{}}' };

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

afterAll(removeFolders);

describe('swapTree()', () => {
  it('replaces the whole tree, but for what goes on', () => {
    const folder = folderWith({ 'dist/summary.json': SUMMARY.text, 'dist/old/a': '1', 'dist/kept/b': '2' });
    swapTree(join(folder, 'dist'), [SUMMARY, { path: 'new/c', text: '3' }], ['kept', 'absent']);
    expect(treeOf(folder)).toEqual({ 'dist/kept/b': '2', 'dist/new/c': '3', 'dist/summary.json': SUMMARY.text });
  });

  it('writes bytes as they are', () => {
    const folder = temporaryFolder();
    const bytes = Uint8Array.from([0x50, 0xff, 0x00, 0x0a]);
    swapTree(join(folder, 'dist'), [SUMMARY, { path: 'a/b.zip', bytes }]);
    expect(Uint8Array.from(readFileSync(join(folder, 'dist/a/b.zip')))).toEqual(bytes);
  });

  it('leaves the old tree when the new one cannot be written', () => {
    const files = { 'dist/summary.json': SUMMARY.text, 'dist/old/a': '1' };
    const folder = folderWith(files);
    const clash = [SUMMARY, { path: 'summary.json/a', text: '' }];
    expect(() => swapTree(join(folder, 'dist'), clash)).toThrow(
      / cannot be written \([^\n]*\); name another folder with --out\.$/,
    );
    expect(treeOf(folder)).toEqual(files);
  });

  it('fills an empty folder', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'dist'));
    swapTree(join(folder, 'dist'), [SUMMARY]);
    expect(treeOf(folder)).toEqual({ 'dist/summary.json': SUMMARY.text });
  });
});

describe('repairTree()', () => {
  it('brings the old tree back when a run was killed between the renames', () => {
    const folder = folderWith({ [`dist.old-${GONE}/a`]: 'old', [`dist.new-${GONE}/a`]: 'new' });
    repairTree(join(folder, 'dist'));
    expect(treeOf(folder)).toEqual({ 'dist/a': 'old' });
  });

  it('removes what a run left that was killed before or after', () => {
    const folder = folderWith({ 'dist/a': 'it', [`dist.old-${GONE}/a`]: 'old', [`dist.new-${GONE}/a`]: 'half' });
    repairTree(join(folder, 'dist'));
    expect(treeOf(folder)).toEqual({ 'dist/a': 'it' });
  });

  it('leaves alone what is not its own, and what a run that goes on is writing', () => {
    const names = [
      `dist.new-${process.pid}`,
      `dist.old-${process.pid}`,
      `dist.x.old-${GONE}`,
      `distXold-${GONE}`,
      `my-dist.old-${GONE}`,
      'dist.old-1a',
    ];
    const folder = folderWith(Object.fromEntries(names.map((name) => [`${name}/a`, '1'])));
    repairTree(join(folder, 'dist'));
    expect(readdirSync(folder).sort()).toEqual([...names].sort());
  });

  it('takes the name of the folder literally', () => {
    const folder = folderWith({ [`dist.old-${GONE}/a`]: '1', [`a+(b.old-${GONE}/a`]: '2' });
    repairTree(join(folder, 'a+(b'));
    repairTree(join(folder, 'd.st'));
    expect(Object.keys(treeOf(folder))).toEqual(['a+(b/a', `dist.old-${GONE}/a`]);
  });

  it('has nothing to do where no folder is', () => {
    expect(() => repairTree(join(temporaryFolder(), 'none/dist'))).not.toThrow();
  });
});
