import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { text } from '../../../lambda/contract/entities/index.ts';

const rules = (value: string): unknown[] =>
  (text(1, 3).safeParse(value).error?.issues ?? []).map((issue) =>
    'params' in issue ? issue.params?.['rule'] : issue,
  );

describe('text', () => {
  it.each<[string, string, string[]]>([
    ['three Japanese characters', '討論会', []],
    ['three emoji of two UTF-16 units each', '🦉🦉🦉', []],
    ['a line feed and a tab', 'a\n\t', []],
    ['nothing', '', ['length']],
    ['four characters', 'abcd', ['length']],
    ['NUL', '\u0000', ['characters']],
    ['a carriage return', '\r', ['characters']],
    ['DEL', '\u007f', ['characters']],
    ['half of a surrogate pair', 'a\ud83e', ['characters']],
    ['both halves in the wrong order', '\udd89\ud83e', ['characters']],
  ])('%s', (_, value, expected) => expect(rules(value)).toEqual(expected));

  it('counts as JSON Schema does, whatever the characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 6 }), (value) => {
        const length = Array.from(value).length;
        expect(rules(value).includes('length')).toBe(length < 1 || length > 3);
      }),
    );
  });
});
