import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ResourceId } from '../../crossplane/reference/identity.ts';
import {
  describePath,
  holdsToken,
  replaceTokens,
  valueAt,
  wholeToken,
  writeToken,
  type Segment,
  type Token,
} from '../../crossplane/reference/token.ts';

/** Text with everything that could end, split or break a token. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('$', '{', '}', '#', '/', '@', '?', '=', '%', '"', '\\', '\n', ':', '鴞', '🦉', ' '),
  }),
  fc.constantFrom('__proto__', 'constructor', '${owlnest:input:x}', '@0', '?a=b', '%7D', ''),
);
const segment: fc.Arbitrary<Segment> = fc.oneof(
  hostile.map((key) => ({ key })),
  fc.nat().map((index) => ({ index })),
  fc.tuple(hostile, hostile).map(([where, equals]) => ({ where, equals })),
);
const token: fc.Arbitrary<Token> = fc.oneof(
  hostile.map((input): Token => ({ type: 'input', input })),
  fc
    .tuple(fc.constantFrom('observed' as const, 'list' as const), hostile, fc.array(segment, { minLength: 1 }))
    .map(([type, id, path]): Token => ({ type, resource: id as ResourceId, path })),
);

describe('a token', () => {
  it('comes back as it was written, whatever its id and path hold', () => {
    fc.assert(
      fc.property(token, (given) => {
        expect(wholeToken(writeToken(given))).toEqual(given);
      }),
    );
  });

  it('is ASCII that JSON leaves alone', () => {
    fc.assert(
      fc.property(token, (given) => {
        const text = writeToken(given);
        expect(text).toMatch(/^\$\{owlnest:[!-~]*\}$/);
        expect(JSON.stringify(text)).toBe(`"${text}"`);
      }),
    );
  });

  it('is found among any other text, each one once', () => {
    fc.assert(
      fc.property(
        fc.array(token, { maxLength: 4 }),
        fc.array(fc.string({ unit: 'binary' }), { minLength: 5 }),
        (all, between) => {
          fc.pre(!between.some(holdsToken));
          const met: Token[] = [];
          const text = all.map((one, index) => `${between[index] ?? ''}${writeToken(one)}`).join('');
          const replaced = replaceTokens(text, (one) => `<${met.push(one)}>`);
          expect(met).toEqual(all);
          expect(replaced).toBe(all.map((_, index) => `${between[index] ?? ''}<${index + 1}>`).join(''));
        },
      ),
    );
  });

  it.each([
    '${aws:username}',
    '${owlnest}',
    '$owlnest:input:x',
    'owlnest:input:x',
    '{owlnest:input:x}',
    '${Owlnest:input:x}',
  ])('is not what %s is', (text) => {
    expect(holdsToken(text)).toBe(false);
    expect(wholeToken(text)).toBeUndefined();
    expect(replaceTokens(text, () => 'replaced')).toBe(text);
  });

  it.each(['${owlnest:', '${owlnest:other:x}', '${owlnest:input:x'])('is tried by %s, which is left alone', (text) => {
    expect(holdsToken(text)).toBe(true);
    expect(replaceTokens(text, () => 'replaced')).toBe(text);
  });

  it('that is only part of a text is not the whole', () => {
    const text = writeToken({ type: 'input', input: 'keyArn' });
    expect(wholeToken(`${text}/*`)).toBeUndefined();
    expect(wholeToken(`${text}${text}`)).toBeUndefined();
  });
});

describe('a path', () => {
  it('reads as people write it', () => {
    const path = [{ key: 'options' }, { where: 'name', equals: 'x' }, { key: 'values' }, { index: 2 }];
    expect(describePath(path)).toBe('status.options[name=x].values[2]');
  });

  it('leads to the value', () => {
    const status = { options: [{ name: 'y' }, { name: 'x', values: ['a', 'b'] }] };
    expect(valueAt(status, [{ key: 'options' }, { where: 'name', equals: 'x' }, { key: 'values' }, { index: 1 }])).toBe(
      'b',
    );
    expect(valueAt(status, [{ key: 'options' }, { index: 0 }, { key: 'name' }])).toBe('y');
  });

  it.each<[string, Segment]>([
    ['a field that is not there', { key: 'absent' }],
    ['what every object inherits', { key: 'constructor' }],
    ['the prototype', { key: '__proto__' }],
    ['an index of what is no list', { index: 0 }],
    ['an entry of what is no list', { where: 'name', equals: 'x' }],
  ])('gives nothing for %s', (_, step) => {
    expect(valueAt({ name: 'x' }, [step])).toBeUndefined();
  });

  it('gives nothing for the length of a list, and nothing past its end', () => {
    expect(valueAt({ list: ['a'] }, [{ key: 'list' }, { key: 'length' }])).toBeUndefined();
    expect(valueAt({ list: ['a'] }, [{ key: 'list' }, { index: 1 }])).toBeUndefined();
  });

  it('gives nothing before there is a status', () => {
    expect(valueAt(undefined, [{ key: 'arn' }])).toBeUndefined();
  });
});
