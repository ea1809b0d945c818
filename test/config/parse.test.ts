import { describe, expect, it } from '@jest/globals';
import { parseEnvironments } from '../../config/parse.ts';
import { messagesFor, MINIMAL, parseText } from './sample.ts';

const { $schema: _, ...WRITTEN } = MINIMAL;

/** One line, its file first, a full stop last, and nothing that cannot be seen. */
const SENTENCE = /^config\/a\.json[: ][^\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]{10,700}\.$/u;

describe('a good file', () => {
  it('may have six keys, and is what the person wrote', () => {
    const { environments, problems } = parseText(JSON.stringify(MINIMAL));
    expect(problems).toEqual([]);
    expect(environments).toEqual([{ file: 'config/a.json', config: WRITTEN }]);
  });

  it('may begin with a byte order mark', () => {
    expect(parseText(`\ufeff${JSON.stringify(MINIMAL)}`).environments).toHaveLength(1);
  });

  it('may have text with $ that is no reference of ours', () => {
    expect(messagesFor({ tags: { a: '${aws:username}', b: '${owlnest}' } })).toEqual([]);
  });

  it('may have tag keys that every object inherits', () => {
    const { environments } = parseText(JSON.stringify({ ...MINIMAL, tags: { constructor: 'a', toString: 'b' } }));
    expect(environments[0]?.config.tags).toEqual({ constructor: 'a', toString: 'b' });
  });
});

describe('a problem is one sentence with file, path, value and what to do:', () => {
  it.each<[string, Readonly<Record<string, unknown>>, readonly string[]]>([
    [
      'a wrong key',
      { budgetLimits: 1 },
      ['config/a.json: budgetLimits is not a key that OwlNest knows, received 1 (did you mean budgetLimit?).'],
    ],
    [
      'a misspelt key that must be there',
      { budgetLimit: undefined, budgetLimt: 60 },
      ['config/a.json: budgetLimt is not a key that OwlNest knows, received 60 (did you mean budgetLimit?).'],
    ],
    [
      'a wrong key deep inside',
      { storage: { tabel: {} } },
      ['config/a.json: storage.tabel is not a key that OwlNest knows, received {} (did you mean table?).'],
    ],
    [
      'a wrong key like no other',
      { storage: { zebra: {} } },
      [
        'config/a.json: storage.zebra is not a key that OwlNest knows, received {}; remove it; known here are table, files.',
      ],
    ],
    [
      'a wrong type',
      { budgetLimit: '60' },
      ['config/a.json: budgetLimit is "60"; it must be of type number (Monthly budget in US dollars).'],
    ],
    ['null', { storage: null }, ['config/a.json: storage is null; it must be of type object (Table, files and keys).']],
    [
      'a list for an object',
      { storage: [1] },
      ['config/a.json: storage is [1]; it must be of type object (Table, files and keys).'],
    ],
    [
      'a missing key',
      { account: undefined },
      ['config/a.json: account is missing; add it (AWS account id: 12 digits).'],
    ],
    [
      'a bad enum',
      { storage: { table: { billing: 'provisionned' } } },
      [
        'config/a.json: storage.table.billing is "provisionned"; it must be one of on-demand, provisioned (did you mean provisioned?).',
      ],
    ],
    [
      'a bad form',
      { account: '12' },
      ['config/a.json: account is "12"; it must have the form /^[0-9]{12}$/ (AWS account id: 12 digits).'],
    ],
    [
      'too small',
      { budgetLimit: 0 },
      ['config/a.json: budgetLimit is 0; it must be at least 1 (Monthly budget in US dollars).'],
    ],
    [
      'an entry of a list',
      { allowRemoval: ['storage/Table/x', 1] },
      ['config/a.json: allowRemoval[1] is 1; it must be of type string.'],
    ],
    [
      'a reference of ours',
      { tags: { a: '${owlnest:observed:x#y}' } },
      [
        'config/a.json: tags.a is "${owlnest:observed:x#y}"; text that looks like a reference of OwlNest (${owlnest:…}) is kept for charts, so write it otherwise.',
      ],
    ],
  ])('%s', (_, changes, messages) => {
    expect(messagesFor(changes)).toEqual(messages);
  });

  it('a text that is too long', () => {
    expect(messagesFor({ tags: { a: 'x'.repeat(257) } })).toEqual([
      `config/a.json: tags.a is "${'x'.repeat(76)}…; it must be at most 256 characters long.`,
    ]);
  });

  it('an infinite number, which JSON can write', () => {
    const { problems } = parseText(JSON.stringify(MINIMAL).replace(':60,', ':1e999,'));
    expect(problems[0]?.message).toContain('budgetLimit is Infinity; it must be of type number');
  });

  it('the key __proto__, anywhere, also in maps', () => {
    const text = JSON.stringify({ ...MINIMAL, tags: { a: 'b' }, storage: {} });
    for (const [where, replaced] of [
      ['__proto__', text.replace('{', '{"__proto__":{"account":"1"},')],
      ['tags.__proto__', text.replace('"a":"b"', '"__proto__":"b"')],
      ['storage.__proto__', text.replace('"storage":{', '"storage":{"__proto__":{}')],
    ] as const) {
      const { environments, problems } = parseText(replaced);
      expect(environments).toEqual([]);
      expect(problems).toHaveLength(1);
      expect(problems[0]?.message).toMatch(SENTENCE);
      expect(problems[0]?.message).toContain(`${where} is not a key that OwlNest knows`);
    }
  });

  it.each(['tags', 'allowRemoval'])('a reference of ours in a key or list (%s)', (key) => {
    const token = '${owlnest:input:x}';
    const messages = messagesFor({ [key]: key === 'tags' ? { [token]: 'a' } : [token] });
    expect(messages.filter((message) => message.includes('looks like a reference'))).toHaveLength(1);
  });

  it('what breaks lines or turns the direction is shown as an escape', () => {
    const [value] = messagesFor({ account: '\u202e12\n\u001b[31m\u2028\u200b' });
    expect(value).toMatch(SENTENCE);
    expect(value).toContain('\\u202e12\\n\\u001b[31m\\u2028\\u200b');
    const [key] = messagesFor({ 'a\u202eb\n\u{e0041}': 1 });
    expect(key).toMatch(SENTENCE);
    expect(key).toContain('["a\\u202eb\\n\\u{e0041}"]');
    const [tag] = messagesFor({ tags: { '\u2066\r': 1 } });
    expect(tag).toMatch(SENTENCE);
    expect(tag).toContain('tags["\\u2066\\r"] is 1');
  });

  it('a huge value or key is cut, and takes no time', () => {
    const start = performance.now();
    const huge = '🦉'.repeat(1_000_000);
    for (const message of [
      ...messagesFor({ account: huge }),
      ...messagesFor({ [huge]: 1 }),
      ...messagesFor({ tags: { [huge]: 1 } }),
    ]) {
      expect(message).toMatch(SENTENCE);
    }
    expect(performance.now() - start).toBeLessThan(5000);
  });

  it('all problems of a file are told together', () => {
    expect(
      messagesFor({ account: 1, budgetLimit: 'a', zebra: 1, storage: { files: { versionsKeptDays: 1.5 } } }),
    ).toHaveLength(4);
  });
});

describe('text that is not one JSON object:', () => {
  it.each<[string, string, string]>([
    ['an empty file', '', 'line 1, column 1 has the end of the file where a value belongs'],
    [
      'a comma too many',
      '{\n  "a": 1,\n}',
      'line 3, column 1 has } where one more entry belongs; remove the comma before }.',
    ],
    ['a missing comma', '{"a": 1\n"b": 2}', 'line 2, column 1 has " where a comma or } belongs'],
    ['a missing value', '{"a": }', 'line 1, column 7 has } where a value belongs'],
    ['a missing colon', '{"a" 1}', 'line 1, column 6 has 1 where a colon belongs'],
    ['single quotes', "{'a': 1}", "line 1, column 2 has ' where JSON belongs; write texts in double quotes."],
    ['a comment', '{\r\n\t// why\r\n}', 'line 2, column 2 has / where JSON belongs; remove the comment'],
    ['a bare word', '{"a": yes}', 'line 1, column 7 has yes where JSON belongs'],
    ['a number with a zero first', '{"a": 01}', 'line 1, column 7 has 01 where JSON belongs'],
    ['a text over two lines', '{"a": "b\nc"}', 'line 1, column 7 has " where JSON belongs; end the text'],
    ['a control character', '{"a": \u0007}', 'column 7 has \\u0007 where JSON belongs'],
    ['more after the end', '{}\n{}', 'line 2, column 1 has { where the end of the file belongs; remove it.'],
    ['an unfinished file', '{"a": [1', 'line 1, column 9 has the end of the file where a comma or ] belongs'],
    ['a list', '[{}]', 'holds [{}]; it must hold one JSON object in { }.'],
    ['a number', '12', 'holds 12; it must hold one JSON object in { }.'],
    ['null', 'null', 'holds null; it must hold one JSON object in { }.'],
  ])('%s', (_, text, message) => {
    const { environments, problems } = parseText(text);
    expect(environments).toEqual([]);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.message).toContain(message);
    expect(problems[0]?.message).toMatch(SENTENCE);
  });

  it.each(['[', '{"a":'])('10,000 levels of %s', (open) => {
    const { problems } = parseText(open.repeat(10_000));
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^config\/a\.json is nested more than 32 levels deep at .{3,20}; flatten it\.$/),
    ]);
  });
});

describe('a key that stands twice in one object', () => {
  it('is told with both lines, beside every other of its kind', () => {
    const text = '{\n"account": "1",\n"storage": { "files": {}, "files": {} },\n"acc\\u006funt": "2"\n}';
    expect(parseText(text).problems.map(({ message }) => message)).toEqual([
      'config/a.json says storage.files in line 3 and again in line 3; keep one of the two.',
      'config/a.json says account in line 2 and again in line 4; keep one of the two.',
    ]);
  });

  it('is fine in two objects', () => {
    expect(messagesFor({ tags: { account: 'a' } })).toEqual([]);
  });
});

describe('several files', () => {
  const file = (path: string, changes: Readonly<Record<string, unknown>> = {}) => ({
    path,
    text: JSON.stringify({ ...MINIMAL, ...changes }),
  });

  it('must differ in name and domain', () => {
    const { problems } = parseEnvironments([file('config/a.json'), file('config/b.json')]);
    expect(problems.map(({ message }) => message)).toEqual([
      'config/b.json: environment "development" is also that of config/a.json; give each environment its own.',
      'config/b.json: domainName "dev.owlnest.example" is also that of config/a.json; give each environment its own.',
    ]);
  });

  it('may share an account', () => {
    const other = file('config/b.json', { environment: 'staging', domainName: 'staging.owlnest.example' });
    expect(parseEnvironments([file('config/a.json'), other]).environments).toHaveLength(2);
  });

  it('give their problems together', () => {
    const { problems } = parseEnvironments([
      file('config/a.json', { account: 1, zebra: 1 }),
      { path: 'config/b.json', text: '{' },
      file('config/c.json'),
      file('config/d.json'),
    ]);
    expect(problems.map(({ file: name }) => name)).toEqual([
      'config/a.json',
      'config/a.json',
      'config/b.json',
      'config/d.json',
      'config/d.json',
    ]);
  });
});
