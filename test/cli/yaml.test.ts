import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseAllDocuments, type Document } from 'yaml';
import { toYaml } from '../../cli/yaml.ts';
import type { Json, KubernetesObject } from '../../imports/base.ts';

function object(data: Readonly<Record<string, Json>>): KubernetesObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, spec: { data } };
}

const TRICKY = [
  'yes',
  'No',
  'on',
  'y',
  'n',
  '~',
  'null',
  '0o7',
  '017',
  '1_000',
  '12:30:45',
  '1e3',
  '.5',
  '0x1f',
  '2001-01-01',
  '<<',
  '---',
  '# a',
];

describe('toYaml()', () => {
  it.each(['1.1', '1.2'] as const)('means the same to readers of YAML %s (Kubernetes reads 1.1)', (version) => {
    const text = fc.oneof(fc.constantFrom(...TRICKY), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(fc.array(fc.dictionary(text, text), { maxLength: 3 }), (maps) => {
        const objects = maps.map(object);
        const read = parseAllDocuments(toYaml(objects), { version }).map(
          (document: Document) => document.toJS() as Json,
        );
        expect(read).toEqual(JSON.parse(JSON.stringify(objects)));
      }),
    );
  });

  it('writes a policy on one line', () => {
    const policy = JSON.stringify({ a: 'word '.repeat(100) });
    expect(
      toYaml([object({ policy })])
        .split('\n')
        .filter((line) => line.includes('word')),
    ).toHaveLength(1);
  });
});
