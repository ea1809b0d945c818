import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ResourceId } from '../../crossplane/reference/identity.ts';
import { resolveTokens, type Lookup } from '../../crossplane/reference/resolve.ts';
import { describePath, holdsToken, writeToken } from '../../crossplane/reference/token.ts';
import type { Json } from '../../imports/base.ts';

const resource = 'Key.kms/data' as ResourceId;
const arn = writeToken({ type: 'observed', resource, path: [{ key: 'arn' }] });
const absent = writeToken({ type: 'observed', resource, path: [{ key: 'absent' }] });
const keyArn = writeToken({ type: 'input', input: 'keyArn' });
const servers = writeToken({ type: 'list', resource, path: [{ key: 'servers' }] });
const none = writeToken({ type: 'list', resource, path: [{ key: 'none' }] });
const unknownList = writeToken({ type: 'list', resource, path: [{ key: 'absent' }] });

const VALUES: Readonly<Record<string, string | readonly string[]>> = {
  'status.arn': 'a"b\\c\n${owlnest}',
  'status.servers': ['ns1', 'n"s2'],
  'status.none': [],
  keyArn: 'arn:key',
};
const lookup: Lookup = (token) => VALUES[token.type === 'input' ? token.input : describePath(token.path)];
const resolve = (value: Json) => resolveTokens<Json>(value, lookup).value;

describe('resolveTokens()', () => {
  it('replaces the whole text, part of it, and one token many times', () => {
    expect(resolve({ a: keyArn, b: [`${keyArn}/*`], c: `${keyArn} ${keyArn}` })).toEqual({
      a: 'arn:key',
      b: ['arn:key/*'],
      c: 'arn:key arn:key',
    });
  });

  it('resolves JSON text inside, so that a value with quotes stays valid JSON', () => {
    const policy = JSON.stringify({ Statement: [{ Resource: [arn, `${arn}/*`], Condition: { [keyArn]: true } }] });
    const text = resolve(policy);
    expect(JSON.parse(text as string)).toEqual({
      Statement: [
        { Resource: [VALUES['status.arn'], `${String(VALUES['status.arn'])}/*`], Condition: { 'arn:key': true } },
      ],
    });
  });

  it('resolves JSON text inside JSON text', () => {
    const text = resolve(JSON.stringify({ inner: JSON.stringify([arn]) })) as string;
    const { inner } = JSON.parse(text) as { inner: string };
    expect(JSON.parse(inner)).toEqual([VALUES['status.arn']]);
  });

  it('resolves what looks like JSON and is not as text', () => {
    expect(resolve(`{ ${keyArn}`)).toBe('{ arn:key');
    expect(resolve(`[${keyArn}]`)).toBe('[arn:key]');
  });

  it('keeps the bytes of JSON text that holds no token', () => {
    const text = '{ "b": 1.0,  "a": 12345678901234567890 }';
    expect(resolve({ text })).toEqual({ text });
  });

  it('takes a value that looks like a token for unknown: what AWS says is no reference', () => {
    for (const looks of [keyArn, `x ${keyArn}`, '${owlnest:', `{"a":"${keyArn}"}`]) {
      const resolved = resolveTokens<Json>({ text: arn, policy: JSON.stringify([arn]) }, () => looks);
      expect(resolved.value).toEqual({ text: arn, policy: JSON.stringify([arn]) });
      expect(resolved.unknown.map(({ field }) => field)).toEqual(['text', 'policy[0]']);
      expect(resolveTokens<Json>([servers], () => ['a', looks])).toMatchObject({ value: [servers], unknown: [{}] });
    }
  });

  it('gives no text with a token in it, whatever the values are, alone or together', () => {
    const piece = fc.constantFrom(
      '${owl',
      'nest:',
      'input:',
      'keyArn',
      '}',
      '$',
      '{',
      'owlnest',
      '\\u0024{owlnest:',
      '"',
    );
    const value = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(value, value, (one, other) => {
        const asked: string[] = [];
        const { value: result, unknown } = resolveTokens<Json>(
          { text: `${arn}${keyArn}`, policy: JSON.stringify({ [arn]: [`${keyArn}${arn}`] }) },
          (token) => {
            asked.push(token.type);
            return token.type === 'input' ? one : other;
          },
        );
        if (unknown.length === 0) expect(holdsToken(JSON.stringify(result))).toBe(false);
        expect(asked.sort()).toEqual(['input', 'input', 'observed', 'observed', 'observed']);
      }),
      { numRuns: 1000 },
    );
  });

  it('replaces keys of maps', () => {
    expect(resolve({ [`${keyArn}:sub`]: 1 })).toEqual({ 'arn:key:sub': 1 });
  });

  it('splices lists where they stand, also empty ones and in JSON text', () => {
    expect(resolve({ records: ['first', servers, none, 'last'] })).toEqual({
      records: ['first', 'ns1', 'n"s2', 'last'],
    });
    expect(resolve(JSON.stringify([servers]))).toBe('["ns1","n\\"s2"]');
  });

  it.each<[string, Json]>([
    ['in a field', { records: servers }],
    ['in a template', { records: [`${servers}.`] }],
    ['as a key', { records: { [servers]: 1 } }],
  ])('refuses a list %s, naming the field', (_, value) => {
    expect(() => resolve(value)).toThrow(/^(records|records\[0\]): observedList\(\) must stand alone [^\n]+\.$/);
  });

  it('leaves unknown tokens, and lists them with the fields that they stand in', () => {
    const value = {
      spec: { a: absent, list: [{ b: `${keyArn}${absent}` }, unknownList], policy: JSON.stringify({ c: [absent] }) },
    };
    const resolved = resolveTokens<Json>(value, lookup);
    expect(resolved.value).toEqual({
      spec: { ...value.spec, list: [{ b: `arn:key${absent}` }, unknownList] },
    });
    expect(resolved.unknown.map(({ field }) => field)).toEqual([
      'spec.a',
      'spec.list[0].b',
      'spec.list[1]',
      'spec.policy.c[0]',
    ]);
    expect(resolved.uses).toHaveLength(5);
  });

  it('begins fields with the given path', () => {
    expect(resolveTokens({ a: absent }, lookup, 'status').unknown[0]?.field).toBe('status.a');
  });

  it('leaves a text of the wrong kind unknown: a list for a string, a string for a list', () => {
    expect(resolveTokens<Json>([arn], () => ['a']).value).toEqual([arn]);
    expect(resolveTokens<Json>([servers], () => 'a').value).toEqual([servers]);
  });

  it('keeps keys that every object inherits', () => {
    const value = JSON.parse(`{"__proto__":{"x":"${keyArn}"},"constructor":"${keyArn}"}`) as Json;
    const resolved = resolve(value);
    expect(JSON.stringify(resolved)).toBe('{"__proto__":{"x":"arn:key"},"constructor":"arn:key"}');
    expect(Reflect.get({}, 'x')).toBeUndefined();
  });

  it.each(['${aws:username}', '${owlnest}', '${owlnest:other:x}', '${owlnest:'])('leaves %s alone', (text) => {
    const resolved = resolveTokens<Json>({ text, policy: JSON.stringify({ text }) }, () => 'replaced');
    expect(resolved.value).toEqual({ text, policy: JSON.stringify({ text }) });
    expect(resolved.uses).toEqual([]);
  });

  it('changes nothing where no token is', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (given) => {
        const text = JSON.stringify(given);
        fc.pre(!holdsToken(text));
        const resolved = resolveTokens<Json>(given as Json, () => 'replaced');
        expect(JSON.stringify(resolved.value)).toBe(text);
        expect(resolved.uses).toEqual([]);
      }),
    );
  });

  it('keeps JSON text valid and its other values equal, whatever the value is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string({ unit: 'binary' }), (other, value) => {
        fc.pre(!holdsToken(JSON.stringify(other)));
        const text = resolveTokens<Json>(JSON.stringify({ other, arn }), () => value).value;
        expect(JSON.parse(text as string)).toEqual({ other: JSON.parse(JSON.stringify(other)) as Json, arn: value });
      }),
    );
  });
});
