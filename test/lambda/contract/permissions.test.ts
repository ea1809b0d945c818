import { describe, expect, it } from '@jest/globals';
import { COLUMNS, permissions, type Action } from '../../../lambda/contract/permissions.ts';

/** The table of the specification, section 1.9: V C K O M A; `–` no, `●` yes, `s` own only. */
const TABLE = `
account           ● ● ● ● ● ●
read              ● ● ● ● ● ●
react             ● ● ● ● ● ●
post              – ● ● ● ● ●
editPost          – s s s s s
deletePost        – s s ● ● ●
createDiscussion  – – ● ● – ●
manageDiscussion  – – – ● – ●
curateDiscussion  – – – – – ●
moderatePost      – – – ● ● ●
workOnCases       – – – ● ● ●
analyseDiscussion – – – ● – ●
administer        – – – – – ●
`;

const rows = TABLE.trim()
  .split('\n')
  .map((line) => line.split(/\s+/));
const cells = rows.flatMap(([action, ...row]) =>
  COLUMNS.map((column, index) => ({ action, column, mark: row[index] })),
);
const marks = { '–': 'no', '●': 'yes', s: 'own' } as const;

describe('the permission table', () => {
  it('has these rows', () => expect(Object.keys(permissions)).toEqual(rows.map(([action]) => action)));

  it.each(cells)('$action, $column: $mark', ({ action, column, mark }) => {
    expect(permissions[action as Action][column]).toBe(marks[mark as keyof typeof marks]);
  });

  it('leaves suspended users reading and their own account, banned ones their own account', () => {
    const open = (state: string): string[] =>
      Object.entries(permissions).flatMap(([action, row]) => (row.while.includes(state) ? [action] : []));
    expect(open('suspended')).toEqual(['account', 'read']);
    expect(open('banned')).toEqual(['account']);
  });
});
