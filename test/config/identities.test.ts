import { describe, expect, it } from '@jest/globals';
import { parseEnvironments } from '../../config/parse.ts';
import { MINIMAL } from './sample.ts';

const KEY = 'Key.kms.aws.m.upbound.io/development-storage-data-key';
const ARN = 'arn:aws:kms:ap-northeast-1:210987654321:key/0c9d8a53-5b0c-4f2e-9a3e-2f9d1c1b7a10';
const ENVIRONMENT = { path: 'config/development.json', text: JSON.stringify(MINIMAL) };
const identities = (text: string, path = 'config/development.identities.json') => ({ path, text });

function messages(...files: Parameters<typeof parseEnvironments>[0]): readonly string[] {
  return parseEnvironments(files).problems.map(({ message }) => message);
}

describe('a file of identities', () => {
  it('belongs to the environment of its name', () => {
    const recorded = { [KEY]: { externalName: ARN, mode: 'owned' } };
    const { environments, problems } = parseEnvironments([identities(JSON.stringify(recorded)), ENVIRONMENT]);
    expect(problems).toEqual([]);
    expect(environments).toEqual([{ file: ENVIRONMENT.path, config: MINIMAL, identities: recorded }]);
  });

  it('without its environment is a mistake', () => {
    expect(messages(ENVIRONMENT, identities('{}', 'config/staging.identities.json'))).toEqual([
      'config/staging.identities.json records identities of no environment; add staging.json beside it, or remove it.',
    ]);
  });

  it('of an environment that is wrong itself is not lonely as well', () => {
    expect(messages({ ...ENVIRONMENT, text: '{' }, identities('{}'))).toHaveLength(1);
  });

  it.each<[string, unknown, string]>([
    [
      'an unknown mode',
      { [KEY]: { externalName: ARN, mode: 'adpt' } },
      `["${KEY}"].mode is "adpt"; it must be one of adopt, owned (did you mean adopt?).`,
    ],
    [
      'no mode',
      { [KEY]: { externalName: ARN } },
      `["${KEY}"].mode is missing; add it (Management of the resource: adopt only looks at it and changes nothing, owned manages it).`,
    ],
    [
      'an unknown key inside',
      { [KEY]: { externalName: ARN, mode: 'owned', name: 'x' } },
      `["${KEY}"].name is not a key that OwlNest knows, received "x"; remove it; known here are externalName, mode, movedFrom, movedTo.`,
    ],
    [
      'a name with a space',
      { [KEY]: { externalName: 'a b', mode: 'owned' } },
      `["${KEY}"].externalName is "a b"; it must have the form /^[A-Za-z0-9:/_.,|#=@+*()<>~!?%-]+$/ (Name of the resource in AWS: a name, an id or an ARN, as status.identities shows it).`,
    ],
    [
      'a name of nothing',
      { [KEY]: { externalName: '', mode: 'owned' } },
      `["${KEY}"].externalName is ""; it must have the form /^[A-Za-z0-9:/_.,|#=@+*()<>~!?%-]+$/ (Name of the resource in AWS: a name, an id or an ARN, as status.identities shows it).`,
    ],
    ['a text for an entry', { [KEY]: 'key' }, `["${KEY}"] is "key"; it must be of type object.`],
    [
      'a key that is no resource',
      { 'production-key': { externalName: ARN, mode: 'owned' } },
      'production-key is no resource; write <Kind>.<group>/<name>, as status.identities does.',
    ],
    [
      'a reference of ours',
      { [KEY]: { externalName: '${owlnest:observed:x#y}', mode: 'owned' } },
      `["${KEY}"].externalName is "\${owlnest:observed:x#y}"; text that looks like a reference of OwlNest (\${owlnest:…}) is kept for charts, so write it otherwise.`,
    ],
  ])('with %s', (_, value, message) => {
    expect(messages(ENVIRONMENT, identities(JSON.stringify(value)))).toEqual([
      `config/development.identities.json: ${message}`,
    ]);
  });

  it('is one JSON object', () => {
    expect(messages(ENVIRONMENT, identities('[]'))).toEqual([
      'config/development.identities.json holds []; it must hold one JSON object in { }.',
    ]);
  });

  it('is not part of an environment file', () => {
    const [message] = messages({ ...ENVIRONMENT, text: JSON.stringify({ ...MINIMAL, identities: {} }) });
    expect(message).toContain('config/development.json: identities is not a key that OwlNest knows, received {}');
  });
});
