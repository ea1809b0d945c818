import { describe, expect, it } from '@jest/globals';
import { parseEnvironments } from '../../config/parse.ts';
import { FULL, messagesFor, MINIMAL, parseText } from './sample.ts';

/** One line, its file first, a full stop last, and nothing that cannot be seen. */
const SENTENCE = /^config\/development\.json[: ][^\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]{10,700}\.$/u;

describe('a good file', () => {
  it('may have six keys, and is what the person wrote', () => {
    const { environments, problems } = parseText(JSON.stringify(MINIMAL));
    expect(problems).toEqual([]);
    expect(environments).toEqual([{ file: 'config/development.json', config: MINIMAL, identities: {} }]);
  });

  it('may begin with a byte order mark', () => {
    expect(parseText(`\ufeff${JSON.stringify(MINIMAL)}`).environments).toHaveLength(1);
  });

  it('may say everything that there is to say', () => {
    const { environments, problems } = parseEnvironments([
      { path: 'config/production.json', text: JSON.stringify(FULL) },
    ]);
    expect(problems).toEqual([]);
    expect(environments.map(({ config }) => config)).toEqual([FULL]);
  });

  it('may have ${ in a free text, and nowhere else', () => {
    const free = { contentSecurityPolicy: "default-src 'self' ${a}" };
    const suppressions = [{ ...FULL.security.suppressions[0], reason: 'The bucket is ${bucket}' }];
    expect(messagesFor({ edge: free, security: { suppressions } })).toEqual([]);
    expect(messagesFor({ tags: { a: '${aws:username}' } })).toEqual([
      'config/development.json: tags.a is "${aws:username}"; it must have the form /^[\\p{L}\\p{M}\\p{N} _.:/=+@-]*$/u (Letters of any script, digits, spaces and _.:/=+@- only).',
    ]);
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
      [
        'config/development.json: budgetLimits is not a key that OwlNest knows, received 1 (did you mean budgetLimit?).',
      ],
    ],
    [
      'a misspelt key that must be there',
      { budgetLimit: undefined, budgetLimt: 60 },
      ['config/development.json: budgetLimt is not a key that OwlNest knows, received 60 (did you mean budgetLimit?).'],
    ],
    [
      'a wrong key deep inside',
      { storage: { tabel: {} } },
      ['config/development.json: storage.tabel is not a key that OwlNest knows, received {} (did you mean table?).'],
    ],
    [
      'a wrong key like no other',
      { storage: { zebra: {} } },
      [
        'config/development.json: storage.zebra is not a key that OwlNest knows, received {}; remove it; known here are table, files, logs.',
      ],
    ],
    [
      'a function that does not exist',
      { api: { functions: { moderation: { memoryMb: 512 } } } },
      [
        'config/development.json: api.functions.moderation is not a key that OwlNest knows, received {"memoryMb":512}; remove it; known here are auth, user, discussion, post, file, websocket, post-confirmation, publisher, identity-sync, counters, push, cleanup, file-scan.',
      ],
    ],
    [
      'a wrong type',
      { budgetLimit: '60' },
      ['config/development.json: budgetLimit is "60"; it must be of type number (Monthly budget in US dollars).'],
    ],
    [
      'null',
      { storage: null },
      [
        'config/development.json: storage is null; it must be of type object (Settings of the Storage layer: table, buckets and keys).',
      ],
    ],
    [
      'a list for an object',
      { storage: [1] },
      [
        'config/development.json: storage is [1]; it must be of type object (Settings of the Storage layer: table, buckets and keys).',
      ],
    ],
    [
      'a missing key',
      { account: undefined },
      ['config/development.json: account is missing; add it (AWS account id: 12 digits).'],
    ],
    [
      'a bad enum',
      { storage: { table: { billing: 'provisionned' } } },
      [
        'config/development.json: storage.table.billing is "provisionned"; it must be one of on-demand, provisioned (did you mean provisioned?).',
      ],
    ],
    [
      'a bad form',
      { account: '12' },
      ['config/development.json: account is "12"; it must have the form /^[0-9]{12}$/ (AWS account id: 12 digits).'],
    ],
    [
      'too small',
      { budgetLimit: 0 },
      ['config/development.json: budgetLimit is 0; it must be at least 1 (Monthly budget in US dollars).'],
    ],
    [
      'an entry of a list',
      { allowRemoval: ['storage/Table/x', 1] },
      [
        'config/development.json: allowRemoval[1] is 1; it must be of type string (Protected resources that may be removed nevertheless: a resource as <layer>/<Kind>/<name>, a part of one with .<part> after it).',
      ],
    ],
    [
      'a reference of ours',
      { tags: { a: '${owlnest:observed:x#y}' } },
      [
        'config/development.json: tags.a is "${owlnest:observed:x#y}"; text that looks like a reference of OwlNest (${owlnest:…}) is kept for charts, so write it otherwise.',
      ],
    ],
  ])('%s', (_, changes, messages) => {
    expect(messagesFor(changes)).toEqual(messages);
  });

  it('a text that is too long', () => {
    expect(messagesFor({ tags: { a: 'x'.repeat(257) } })).toEqual([
      `config/development.json: tags.a is "${'x'.repeat(76)}…; it must be at most 256 characters long (Letters of any script, digits, spaces and _.:/=+@- only).`,
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
      expect.stringMatching(/^config\/development\.json is nested more than 32 levels deep at .{3,20}; flatten it\.$/),
    ]);
  });
});

describe('a key that stands twice in one object', () => {
  it('is told with both lines, beside every other of its kind', () => {
    const text = '{\n"account": "1",\n"storage": { "files": {}, "files": {} },\n"acc\\u006funt": "2"\n}';
    expect(parseText(text).problems.map(({ message }) => message)).toEqual([
      'config/development.json says storage.files in line 3 and again in line 3; keep one of the two.',
      'config/development.json says account in line 2 and again in line 4; keep one of the two.',
    ]);
  });

  it('is fine in two objects', () => {
    expect(messagesFor({ tags: { account: 'a' } })).toEqual([]);
  });
});

describe('several files', () => {
  const file = (name: string, changes: Readonly<Record<string, unknown>> = {}) => ({
    path: `config/${name}.json`,
    text: JSON.stringify({
      ...MINIMAL,
      environment: name,
      domainName: `${name}.owlnest.example`,
      tier: 'staging',
      ...changes,
    }),
  });
  const messages = (...files: Parameters<typeof parseEnvironments>[0]) =>
    parseEnvironments(files).problems.map(({ message }) => message);

  it('are called as their environments, so that no two have one name or namespace', () => {
    expect(messages(file('one'), { ...file('one'), path: 'config/two.json' })).toEqual([
      'config/two.json: environment is "one"; write "two", or call the file one.json.',
    ]);
  });

  it('must differ in domain, and leave each other the names of the APIs', () => {
    const [account, domainName] = ['123456789012', 'one.owlnest.example'];
    expect(messages(file('one'), file('two', { account, domainName }))).toEqual([
      'config/two.json: domainName is "one.owlnest.example", but one.owlnest.example is a name of config/one.json already; give each environment its own.',
    ]);
    expect(messages(file('one'), file('two', { account, domainName: `api.${domainName}` }))).toEqual([
      'config/two.json: domainName is "api.one.owlnest.example", but api.one.owlnest.example is a name of config/one.json already; give each environment its own.',
    ]);
    expect(messages(file('one', { domainName: `ws.${domainName}` }), file('two', { account, domainName }))).toEqual([
      'config/two.json: domainName is "one.owlnest.example", but ws.one.owlnest.example is a name of config/one.json already; give each environment its own.',
    ]);
    expect(messages(file('one'), file('two', { account, domainName: `dev.${domainName}` }))).toEqual([]);
  });

  it('share an account and region with one owner only', () => {
    expect(messages(file('one'), file('two'), file('three', { accountScope: 'owner' }))).toEqual([
      'config/two.json: accountScope is "owner" unless said otherwise, but config/one.json owns account 210987654321 in ap-northeast-1; write "member" in one of the two.',
      'config/three.json: accountScope is "owner", but config/one.json owns account 210987654321 in ap-northeast-1; write "member" in one of the two.',
    ]);
    const [one, two] = [file('one', { accountScope: 'member' }), file('two', { accountScope: 'member' })];
    expect(messages(one, two)).toEqual([
      'config/one.json: accountScope is "member", but nobody owns account 210987654321 in ap-northeast-1; write "owner" in one of config/one.json, config/two.json.',
    ]);
    expect(messages(one, file('two'))).toEqual([]);
    expect(messages(file('one'), file('two', { region: 'eu-west-1' }))).toEqual([]);
    expect(messages(file('one'), file('two', { region: 'ap-northeast-1' }))).toHaveLength(1);
  });

  it('give their problems together', () => {
    const { problems } = parseEnvironments([
      file('one', { account: 1, zebra: 1 }),
      { path: 'config/two.json', text: '{' },
      file('three'),
      file('four', { domainName: 'three.owlnest.example' }),
    ]);
    expect(problems.map(({ file: name, path }) => `${name} ${path}`)).toEqual([
      'config/one.json account',
      'config/one.json zebra',
      'config/two.json ',
      'config/four.json domainName',
      'config/four.json accountScope',
    ]);
  });
});
