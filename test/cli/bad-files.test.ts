/** Hundreds of files with one thing wrong in each: every report names the place, says nothing else, and is short. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { join } from 'node:path';
import { environmentsIn, readConfig } from '../../cli/environments.ts';
import { UserError } from '../../cli/errors.ts';
import { openToolchain } from '../../cli/toolchain.ts';
import { fileSchema } from '../../config/environment.ts';
import { pathText } from '../../config/text.ts';
import { structuralSchema } from '../../crossplane/definition/crd-schema.ts';
import { isList, isObject } from '../../crossplane/schema/json.ts';
import type { Json, JsonObject } from '../../imports/base.ts';
import { damaged, damagesOf, valueOf, type Damage } from '../config/arbitrary.ts';
import { RULE_CASES } from '../config/rule-cases.ts';
import { FULL, MINIMAL } from '../config/sample.ts';
import { SECRETS } from '../config/secret-cases.ts';
import { callOwlnest, owlnest, project, removeFolders, temporaryFolder, treeOf } from './command.ts';

const RUNS = 20;
const FEW_RUNS = 10;
const PATH = 'config/production.json';
const SCHEMA = structuralSchema(fileSchema);
const { schemas, release } = openToolchain();
const others = readConfig().filter(({ path }) => path !== PATH);

/** What the loader says of production in these words, beside the other files as they are. */
function sentencesFor(text: string): readonly string[] {
  try {
    environmentsIn([...others, { path: PATH, text }], schemas, release);
    return [];
  } catch (error) {
    if (error instanceof UserError) return error.sentences;
    throw error;
  }
}

/** One or two lines about this file, each with nothing that cannot be seen and short enough to read. */
function expectReadable(sentences: readonly string[]): void {
  expect(sentences.length).toBeGreaterThan(0);
  expect(sentences.length).toBeLessThan(3);
  for (const sentence of sentences) {
    expect(sentence).toMatch(/^config\/production\.json[: ][^\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]{10,700}\.$/u);
    expect(sentence).not.toMatch(/\w+Error:|undefined|\[object| at [\w./]+:\d/);
  }
}

const full = JSON.parse(JSON.stringify(FULL)) as JsonObject;

/** Full files that are right: settings by chance, but for those that would break a rule over several. */
function goodFiles(): readonly JsonObject[] {
  const samples = fc.sample(valueOf(SCHEMA), { numRuns: 8, seed: 7 }) as readonly JsonObject[];
  const chosen = samples.map((sample) =>
    Object.entries(sample).reduce((file, [key, value]) => {
      const next = { ...file, [key]: value };
      return sentencesFor(JSON.stringify(next)).length === 0 ? next : file;
    }, full),
  );
  return [full, ...chosen];
}

const good = goodFiles();
const goodFile = fc.constantFrom(...good);

/** Every value in the file by its path. */
function placesIn(value: Json, path: Damage['path'] = []): readonly (readonly [Damage['path'], Json])[] {
  const here = [path, value] as const;
  if (isList(value)) return [here, ...value.flatMap((item, index) => placesIn(item, [...path, index]))];
  if (isObject(value)) return [here, ...Object.entries(value).flatMap(([key, item]) => placesIn(item, [...path, key]))];
  return [here];
}

/** A place in a good file that has such a value. */
function place(
  isWanted: (value: Json) => boolean,
): fc.Arbitrary<{ readonly file: JsonObject; readonly path: Damage['path'] }> {
  return goodFile.chain((file) => {
    const paths = placesIn(file).flatMap(([path, value]) => (isWanted(value) ? [path] : []));
    return fc.constantFrom(...paths).map((path) => ({ file, path }));
  });
}

const aText = place((value) => typeof value === 'string');
const anObject = place(isObject);
const anything = place(() => true).filter(({ path }) => path.length > 0);

/** The file with this in that place. */
function put(file: JsonObject, path: Damage['path'], value: Json): string {
  return JSON.stringify(damaged(file, { kind: '', path, value }), null, 2);
}

function expectNamed(text: string, path: Damage['path']): void {
  const sentences = sentencesFor(text);
  expectReadable(sentences);
  for (const sentence of sentences) expect(sentence).toContain(` ${pathText(path)} `);
}

it('the good files are good, and differ', () => {
  for (const file of good) expect(sentencesFor(JSON.stringify(file))).toEqual([]);
  for (const section of ['storage', 'api', 'monitoring', 'security'])
    expect(new Set(good.map((file) => JSON.stringify(file[section]))).size).toBeGreaterThan(2);
});

describe('one thing that breaks the schema:', () => {
  const kinds = ['type', 'null', 'enum', 'too small', 'too large', 'no whole number', 'too long', 'form', 'too many'];
  it.each([...kinds, 'unknown key', 'missing'])('%s', (kind) => {
    const damages = new Map(
      good.map((file) => [file, damagesOf(SCHEMA, file).filter((damage) => damage.kind === kind)]),
    );
    const case_ = goodFile
      .map((file) => ({ file, some: damages.get(file) ?? [] }))
      .filter(({ some }) => some.length > 0)
      .chain(({ file, some }) => fc.record({ file: fc.constant(file), damage: fc.constantFrom(...some) }));
    fc.assert(
      fc.property(case_, ({ file, damage }) => {
        expectNamed(JSON.stringify(damaged(file, damage), null, 2), damage.path);
      }),
      { numRuns: RUNS },
    );
  });

  it.each(
    RULE_CASES.flatMap(([name, changes, broken]) => (broken === undefined ? [] : [[name, changes, broken] as const])),
  )('a rule over several settings: %s', (_, changes, broken) => {
    const { environment = 'development' } = changes;
    const path = `config/${String(environment)}.json`;
    const text = JSON.stringify({ ...MINIMAL, ...changes });
    expect(() => environmentsIn([{ path, text }], schemas, release)).toThrow(
      expect.objectContaining({ sentences: [expect.stringContaining(`${path}: ${broken}`)] }),
    );
  });
});

describe('a text that may stand nowhere:', () => {
  const hostile: readonly (readonly [string, string])[] = [
    ['NUL', 'a\u0000b'],
    ['lines that YAML would take for its own', 'a: b\n- c: |\n  d'],
    ['a right-to-left mark', 'abc\u200f'],
    ['a right-to-left override', '\u202ecba'],
    ['a line separator', 'a\u2028b'],
    ['a zero width space', 'a\u200bb'],
    ['an escape of the terminal', '\u001b[31mred'],
    ['half a character', 'a\ud83e'],
    ['a reference of ours', '${owlnest:observed:Key.kms/x#status.atProvider.arn}'],
    ['a reference of ours within', 'a ${owlnest:input:x} b'],
    ['100 kB', 'a'.repeat(100_000)],
    ['100 kB of wide characters', '🦉'.repeat(25_000)],
  ];
  it.each(hostile)('%s as a value', (_, text) => {
    // No form of its own refuses anything here.
    const free = ['security', 'suppressions', 0, 'reason'];
    expectNamed(put(full, free, `Seen by nobody: ${text}`), free);
    fc.assert(
      fc.property(aText, ({ file, path }) => {
        expectNamed(put(file, path, text), path);
      }),
      { numRuns: FEW_RUNS },
    );
  });

  it.each([...hostile, ['__proto__', '__proto__'] as const])('%s as a key', (_, key) => {
    fc.assert(
      fc.property(anObject, ({ file, path }) => {
        expectNamed(put(file, [...path, key], 'a'), [...path, key]);
      }),
      { numRuns: FEW_RUNS },
    );
  });

  it.each(SECRETS)('%s as a value or key, never repeated', (_, secret) => {
    fc.assert(
      fc.property(aText, anObject, ({ file, path }, object) => {
        const inKey = [...object.path, secret];
        for (const [text, at] of [
          [put(file, path, secret), path],
          [put(file, path, `see ${secret} there`), path],
          [put(object.file, inKey, 'a'), inKey],
        ] as const) {
          expectNamed(text, at);
          for (const sentence of sentencesFor(text)) {
            for (const piece of secret.match(/.{12}/gs) ?? []) expect(sentence).not.toContain(piece);
          }
        }
      }),
      { numRuns: FEW_RUNS },
    );
  });

  it.each(['${aws:username}', '${x}', '$(reboot)', '`reboot`', '"; reboot; "', "'; reboot; '"])(
    '%s where it could reach a policy document or a shell',
    (text) => {
      const free = ['edge.contentSecurityPolicy', 'security.suppressions[].reason'];
      const closed = aText.filter(({ path }) => !free.includes(pathText(path).replace(/\[\d+\]/, '[]')));
      fc.assert(
        fc.property(closed, ({ file, path }) => {
          expectNamed(put(file, path, text), path);
        }),
        { numRuns: FEW_RUNS },
      );
    },
  );
});

describe('a text that is not one JSON object that reads one way:', () => {
  it('a key that stands twice', () => {
    fc.assert(
      fc.property(
        anything.filter(({ path }) => typeof path.at(-1) === 'string'),
        ({ file, path }) => {
          const key = String(path.at(-1));
          const marked = put(file, [...path.slice(0, -1), 'MARK'], 1);
          expectNamed(marked.replace('"MARK": 1', `${JSON.stringify(key)}: 1`), path);
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('one that ends too early', () => {
    fc.assert(
      fc.property(goodFile, fc.nat(), (file, at) => {
        const text = JSON.stringify(file, null, 2);
        const [sentence = '', ...more] = sentencesFor(text.slice(0, at % (text.length - 1)));
        expectReadable([sentence]);
        expect(sentence).toMatch(/^config\/production\.json is not JSON: line \d+, column \d+ has /);
        expect(more).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });

  it('one with a byte order mark in the middle', () => {
    fc.assert(
      fc.property(goodFile, fc.nat(), (file, at) => {
        const lines = JSON.stringify(file, null, 2).split('\n');
        const line = 1 + (at % (lines.length - 1));
        const text = lines.map((one, index) => (index === line ? `\ufeff${one}` : one)).join('\n');
        expectReadable(sentencesFor(text));
        expect(sentencesFor(text)[0]).toContain(`is not JSON: line ${line + 1}, column 1 has \\ufeff`);
      }),
      { numRuns: RUNS },
    );
  });

  it.each(['[', '{"a":'])('one that is nested too deep by %s', (open) => {
    fc.assert(
      fc.property(anything, fc.integer({ min: 33, max: 50_000 }), ({ file, path }, depth) => {
        const close = open === '[' ? ']' : '}';
        const text = put(file, path, 'DEEP').replace('"DEEP"', `${open.repeat(depth)}1${close.repeat(depth)}`);
        const [sentence = '', ...more] = sentencesFor(text);
        expectReadable([sentence]);
        expect(more).toEqual([]);
        expect(sentence).toContain(` is nested more than 32 levels deep at ${pathText(path.slice(0, 3))}`);
      }),
      { numRuns: RUNS },
    );
  });

  it.each(SECRETS.filter(([, secret]) => /^[\w.+-]+$/.test(secret)))(
    '%s without quotes, never repeated',
    (_, secret) => {
      const [sentence = '', ...more] = sentencesFor(`{"account": ${secret}}`);
      expectReadable([sentence]);
      expect(more).toEqual([]);
      for (const piece of secret.match(/.{12}/g) ?? []) expect(sentence).not.toContain(piece);
    },
  );
});

describe('owlnest render', () => {
  const out = join(temporaryFolder(), 'dist');
  let before: ReturnType<typeof treeOf>;
  beforeAll(async () => {
    await callOwlnest(['render', '--out', out]);
    before = treeOf(out);
  }, 30_000);
  afterAll(removeFolders);

  /** In a process of their own: what could fill a pipe or the stack, and what must not reach a terminal. */
  const ALONE = new Set(['100 kB', 'deep nesting', 'a secret']);

  it.each<[string, string, string]>([
    ['a wrong type', put(full, ['edge', 'waf', 'mode'], 5), 'edge.waf.mode'],
    ['a wrong key', put(full, ['backup', 'wekly'], {}), 'backup.wekly'],
    ['a key twice', `{"account": "1", ${JSON.stringify(full).slice(1)}`, 'account'],
    [
      'a secret',
      put(full, ['monitoring', 'slack', 'webhookSecretRef', 'key'], SECRETS[3]?.[1] ?? ''),
      'monitoring.slack.webhookSecretRef.key',
    ],
    ['__proto__', put(full, ['tags', '__proto__'], 'a'), 'tags.__proto__'],
    ['100 kB', put(full, ['contacts', 'onCall'], 'a'.repeat(100_000)), 'contacts.onCall'],
    ['deep nesting', `{"tags":${'['.repeat(100_000)}`, 'tags[0][0]'],
    ['the end too early', JSON.stringify(full).slice(0, 300), 'line'],
    ['a broken rule', put(full, ['backup', 'weekly', 'retentionDays'], 40), 'backup.weekly.coldAfterDays'],
  ])(
    '%s: one line, exit code 1, dist/ as it was',
    async (what, text, named) => {
      const root = project({ [PATH]: text });
      const command = ALONE.has(what) ? owlnest : callOwlnest;
      const { code, stdout, stderr } = await command(['render', '--out', out], { root });
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expectReadable(stderr.trimEnd().split('\n'));
      expect(stderr).toContain(` ${named}`);
      expect(treeOf(out)).toEqual(before);
    },
    30_000,
  );
});
