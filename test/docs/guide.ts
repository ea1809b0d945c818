/** Guides whose code is put into a copy of the checkout, where it must compile and run. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** A new file (`ts`), or an edit of one that is there (`diff`). */
export interface Block {
  readonly language: string;
  readonly file: string;
  readonly text: string;
}

/** The blocks of a guide that name a file. @param guide its path in the checkout */
export function blocksOf(guide: string): readonly Block[] {
  return [...readFileSync(path.join(ROOT, guide), 'utf8').matchAll(/^```(ts|diff) (\S+)\n(.*?)^```$/gms)].map(
    ([, language = '', file = '', text = '']) => ({ language, file, text }),
  );
}

/** Puts the blocks into a copy of the checkout. */
export function putBlocks(copy: string, blocks: readonly Block[]): void {
  for (const { language, file, text } of blocks) {
    const target = path.join(copy, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, language === 'ts' ? text : edited(file, readFileSync(target, 'utf8'), text));
  }
}

/** The file after an edit: each hunk's old lines must be there once. A line may be the beginning of a longer one. */
function edited(file: string, before: string, diff: string): string {
  return diff.split('@@\n').reduce((text, hunk) => {
    const lines = hunk.split('\n').filter((line) => line !== '');
    const side = (mark: string) =>
      lines
        .filter((line) => [' ', mark].includes(line.charAt(0)))
        .map((line) => line.slice(1))
        .join('\n');
    const parts = text.split(side('-'));
    if (parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} times:\n${side('-')}`);
    return parts.join(side('+'));
  }, before);
}
