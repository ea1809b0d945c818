import { describe, expect, it } from '@jest/globals';
import { FUNCTION_NAMES } from '../../lambda/contract/function-names.ts';
import { parseRelease } from '../../release/manifest.ts';

const sha256 = 'a'.repeat(64);
const one = { sha256, bytes: 1, handler: 'index.handler', runtime: 'nodejs24.x', calls: [], clients: [] };
const release = {
  version: '1.2.3',
  commit: 'b'.repeat(40),
  dirty: false,
  functions: Object.fromEntries(FUNCTION_NAMES.map((name) => [name, one])),
  openapi: { sha256 },
};
const parse = (content: object): unknown => parseRelease(JSON.stringify(content), 'dist/release.json');

describe('release.json', () => {
  it('is read as it was written, made from a commit or from none that is known', () => {
    expect(parse(release)).toEqual(release);
    expect(parse({ ...release, commit: null, dirty: true })).toEqual({ ...release, commit: null, dirty: true });
  });

  it.each<[string, object, string]>([
    ['a function too few', { functions: { ...release.functions, auth: undefined } }, 'functions.auth'],
    ['one that does not exist', { functions: { ...release.functions, search: one } }, 'functions'],
    [
      'no digest',
      { functions: { ...release.functions, auth: { ...one, sha256: 'x' } } },
      'functions.auth.sha256: is not a SHA-256',
    ],
    ['a commit in short', { commit: 'abc' }, 'commit'],
    ['a key that nobody knows', { extra: 1 }, 'extra'],
  ])('with %s is refused in one sentence', (_, change, told) => {
    expect(() => parse({ ...release, ...change })).toThrow(
      /^dist\/release\.json is not the manifest of a release \(.*\); write it anew with npm start\.$/,
    );
    expect(() => parse({ ...release, ...change })).toThrow(told);
  });

  it('that is no JSON is refused, too', () => {
    expect(() => parseRelease('{', 'x/release.json')).toThrow(
      'x/release.json is not JSON; write it anew with npm start.',
    );
  });
});
