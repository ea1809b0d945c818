import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { jsonProblems } from '../../config/json.ts';

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('jsonProblems()', () => {
  it('finds none in what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary', maxDepth: 5 }), fc.nat(4), (value, indent) => {
        expect(jsonProblems(JSON.stringify(value, null, indent))).toEqual([]);
      }),
    );
  });

  it('agrees with JSON.parse on what is JSON, one sentence each time', () => {
    const piece = fc.constantFrom(
      ...[
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '"a"',
        '"b"',
        '"',
        '\\',
        '\\n',
        '\\u12',
        '\\u1234',
        "'",
        '1',
        '-',
        '.5',
        '01',
        'e3',
      ],
      ...['true', 'nul', 'null', ' ', '\n', '\t', '\u00a0', '\ufeff', '\u0001', '//', '🦉'],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 9 }), (pieces) => {
        const text = pieces.join('');
        const problems = jsonProblems(text).filter((problem) => !problem.includes(' again in line '));
        expect([text, problems.length]).toEqual([text, isJson(text) ? 0 : 1]);
        for (const problem of problems)
          expect(problem).toMatch(/^is not JSON: line \d+, column \d+ has [^\p{Cc}\p{Cf}]+\.$/u);
      }),
      { numRuns: 5000 },
    );
  });

  it('agrees with JSON.parse on JSON with one character changed', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), fc.nat(), fc.string({ maxLength: 1 }), (value, place, character) => {
        const text = JSON.stringify(value);
        const at = place % text.length;
        const changed = `${text.slice(0, at)}${character}${text.slice(at + 1)}`;
        const problems = jsonProblems(changed).filter((problem) => !problem.includes(' again in line '));
        expect([changed, problems.length]).toEqual([changed, isJson(changed) ? 0 : 1]);
      }),
      { numRuns: 2000 },
    );
  });
});
