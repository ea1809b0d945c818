/** `docs/laws.md` names every law of compose with its tests, and the comments in the code cite it. */
import { readdirSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ROOT } from '../cli/command.ts';

const page = readFileSync(join(ROOT, 'docs/laws.md'), 'utf8');
const laws = [...page.matchAll(/^## Law (\d+): ([^\n]+)\n([^]*?)(?=^## |$(?![^]))/gm)].map(
  ([, number = '', title = '', text = '']) => ({ number: Number(number), title, text }),
);

/** TypeScript files below these folders. */
function sources(...folders: readonly string[]): readonly string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name)),
  );
}

/** Numbers of the laws that a file cites. */
function cited(file: string): readonly number[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  return [...text.matchAll(/\blaw (\d+)\b/gi)].map(([, number]) => Number(number));
}

describe('docs/laws.md', () => {
  it('has the ten laws in their order', () => {
    expect(laws.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it.each(laws.map(({ number, title, text }) => [number, title, text] as const))(
    'says of law %i (%s) why it holds, and names tests that are there',
    (_, __, text) => {
      expect(text).toMatch(/\n\*Why:\* \S/);
      const tests = [...(text.split('\n*Tests:*')[1] ?? '').matchAll(/`(test\/[^`]+)`/g)].map(([, path = '']) => path);
      expect(tests.length).toBeGreaterThan(0);
      expect(tests.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
    },
  );

  it('is cited by the code: every law that a comment names is there, and none is without a citation', () => {
    const files = sources('crossplane', 'charts', 'config');
    const numbers = new Set(files.flatMap(cited));
    expect([...numbers].sort((one, other) => one - other)).toEqual(laws.map(({ number }) => number));
  });
});
