import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { covers, coversArn } from '../../../policy/access/pattern.ts';

const letters = (extra: string) => fc.string({ unit: fc.constantFrom('a', 'b', ':', ...extra), maxLength: 12 });

describe('a pattern', () => {
  it('covers what a regular expression of the same meaning matches', () => {
    fc.assert(
      fc.property(letters('*?'), letters(''), (pattern, text) => {
        const meaning = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`);
        expect(covers(pattern, text)).toBe(meaning.test(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('is decided in steps that grow with the text, however many stars it has', () => {
    expect(covers(`${'*a'.repeat(200)}b`, 'a'.repeat(20_000))).toBe(false);
  });
});

describe('a pattern of an ARN', () => {
  const queue = 'arn:aws:sqs:eu-west-1:123456789012:work';
  it.each([
    [queue, true],
    ['arn:aws:sqs:*:123456789012:*', true],
    // One star does not stand for three parts.
    ['arn:aws:sqs:*:work', false],
    ['arn:aws:sqs:eu-west-1:*', false],
    ['*', false],
    ['arn:*:sqs:eu-west-1:123456789012:w?rk', true],
  ])('%s covers the queue: %s', (pattern, expected) => {
    expect(coversArn(pattern, queue)).toBe(expected);
  });

  it('lets its last part hold colons', () => {
    const group = 'arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/x:*';
    expect(coversArn('arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/*', group)).toBe(true);
    expect(coversArn('arn:aws:logs:eu-west-1:210987654321:log-group:/aws/lambda/*', group)).toBe(false);
  });
});
