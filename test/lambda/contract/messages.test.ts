import { describe, expect, it } from '@jest/globals';
import { fieldTexts, LANGUAGES, problemTexts } from '../../../lambda/contract/messages.ts';
import { operationList, problemsOf } from '../../../lambda/contract/operations/index.ts';
import { FIELD_CODES, problemStatus } from '../../../lambda/contract/problems.ts';

const JAPANESE = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u;

describe('messages', () => {
  it('are there for each problem, and for no other', () => {
    expect(Object.keys(problemTexts).sort()).toEqual(Object.keys(problemStatus).sort());
    expect(Object.keys(fieldTexts).sort()).toEqual([...FIELD_CODES].sort());
  });

  it.each(Object.entries(problemTexts))(
    '%s: Japanese is Japanese, English is English, both are sentences',
    (_, text) => {
      for (const language of LANGUAGES) {
        const { title, detail } = text[language];
        expect(JAPANESE.test(title)).toBe(language === 'ja');
        expect(JAPANESE.test(detail)).toBe(language === 'ja');
        expect(detail).toMatch(language === 'ja' ? /。$/ : /\.$/);
        expect(title).not.toMatch(/[。.]$/);
      }
    },
  );

  it.each(FIELD_CODES)('%s of a field names the rule, with its figures', (code) => {
    for (const figures of [{}, { least: 1 }, { most: 50 }, { least: 1, most: 50 }]) {
      const text = fieldTexts[code](figures);
      expect(text.ja).toMatch(/。$/);
      expect(text.en).toMatch(/\.$/);
      const asksForFigures = ['length', 'range', 'count'].includes(code);
      for (const figure of asksForFigures ? Object.values(figures) : []) {
        for (const language of LANGUAGES) expect(text[language]).toContain(String(figure));
      }
      for (const language of LANGUAGES) expect(text[language]).not.toContain('undefined');
    }
  });

  it('has no problem that nothing can answer', () => {
    const declared = new Set(operationList.flatMap((operation) => problemsOf(operation)));
    expect(Object.keys(problemStatus).filter((code) => !declared.has(code as keyof typeof problemStatus))).toEqual([]);
  });
});
