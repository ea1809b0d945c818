import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { TextFile } from '../report/text-file.ts';
import { isSummary } from '../report/summary.ts';
import { isSystemError, UserError } from './errors.ts';

/** What a rendered tree always has: a folder without it is somebody else's and is not replaced. */
export const SUMMARY = 'summary.json';

/**
 * Writes a whole tree beside `folder` and swaps the two, so that readers see the old tree or the new one.
 * @param keep paths below the old tree that go on in the new one
 */
export function swapTree(folder: string, files: readonly TextFile[], keep: readonly string[] = []): void {
  const target = resolve(folder);
  try {
    if (existsSync(target) && readdirSync(target).length > 0 && !isOurs(target)) {
      throw new UserError([
        `${target} was not written by owlnest (it has no ${SUMMARY} of ours); name another folder with --out.`,
      ]);
    }
    swap(target, files, keep);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const sentence = `${target} cannot be written (${error.message}); name another folder with --out.`;
    throw new UserError([sentence], { cause: error });
  }
}

function swap(target: string, files: readonly TextFile[], keep: readonly string[]): void {
  const [next, old] = [`${target}.new-${process.pid}`, `${target}.old-${process.pid}`];
  try {
    for (const path of keep) {
      if (existsSync(join(target, path))) cpSync(join(target, path), join(next, path), { recursive: true });
    }
    for (const { path, text } of files) {
      mkdirSync(dirname(join(next, path)), { recursive: true });
      writeFileSync(join(next, path), text);
    }
    if (existsSync(target)) renameSync(target, old);
    renameSync(next, target);
  } finally {
    rmSync(next, { recursive: true, force: true });
    if (!existsSync(target) && existsSync(old)) renameSync(old, target);
    rmSync(old, { recursive: true, force: true });
  }
}

/** Puts right what a run that was killed has left; leaves alone what a run that is still going works on. */
export function repairTree(folder: string): void {
  const target = resolve(folder);
  const parent = dirname(target);
  if (!existsSync(parent) || !statSync(parent).isDirectory()) return;
  const left = readdirSync(parent).filter((name) => {
    if (!name.startsWith(basename(target))) return false;
    const id = /^\.(?:new|old)-(\d+)$/.exec(name.slice(basename(target).length))?.[1];
    return id !== undefined && !isRunning(Number(id));
  });
  for (const name of left.filter((one) => one.includes('.old-'))) {
    if (!existsSync(target)) renameSync(join(parent, name), target);
  }
  for (const name of left) rmSync(join(parent, name), { recursive: true, force: true });
}

function isOurs(folder: string): boolean {
  try {
    return isSummary(JSON.parse(readFileSync(join(folder, SUMMARY), 'utf8')));
  } catch {
    return false;
  }
}

function isRunning(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch (error) {
    return isSystemError(error) && error.code === 'EPERM';
  }
}
