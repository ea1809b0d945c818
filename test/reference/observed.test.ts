import { describe, expect, it } from '@jest/globals';
import { App, Chart } from 'cdk8s';
import { observed, observedList } from '../../crossplane/reference/observed.ts';
import { wholeToken, type Segment } from '../../crossplane/reference/token.ts';
import { Table } from '../../imports/dynamodb.ts';
import { sample } from './sample.ts';

const it_ = sample();

function pathOf(text: string | undefined): readonly Segment[] {
  const token = wholeToken(text ?? '');
  return token === undefined || token.type === 'input' ? [] : token.path;
}

describe('observed()', () => {
  it('gives a plain string that names the resource and the path', () => {
    expect(observed(it_, (status) => status.arn)).toBe('${owlnest:observed:Sample.example.org%2Fit#arn}');
  });

  it('stands in a template literal and in JSON text', () => {
    const arn = observed(it_, (status) => status.arn);
    expect(`${arn}/index/*`).toBe('${owlnest:observed:Sample.example.org%2Fit#arn}/index/*');
    expect((JSON.parse(JSON.stringify({ Resource: arn })) as { Resource: string }).Resource).toBe(arn);
  });

  it.each<[string, string, readonly Segment[]]>([
    ['.at()', observed(it_, (status) => status.nameServers.at(1)), [{ key: 'nameServers' }, { index: 1 }]],
    [
      '.where()',
      observed(it_, (status) => status.options.where('domainName', 'a/b=c').value),
      [{ key: 'options' }, { where: 'domainName', equals: 'a/b=c' }, { key: 'value' }],
    ],
    ['.key()', observed(it_, (status) => status.labels.key('a.b/c')), [{ key: 'labels' }, { key: 'a.b/c' }]],
    ['a field named at', observed(it_, (status) => status.at), [{ key: 'at' }]],
    ['fields named key and where', observed(it_, (status) => status.key.where), [{ key: 'key' }, { key: 'where' }]],
    [
      'a method on a field named like one',
      observed(it_, (status) => status.where.at(0).at),
      [{ key: 'where' }, { index: 0 }, { key: 'at' }],
    ],
    [
      'the method where on the field where',
      observed(it_, (status) => status.where.where('at', 'x').name),
      [{ key: 'where' }, { where: 'at', equals: 'x' }, { key: 'name' }],
    ],
  ])('writes down %s', (_, text, path) => {
    expect(pathOf(text)).toEqual(path);
  });

  it('is typed from the status of the kind', () => {
    const chart = new Chart(new App(), 'chart');
    const table = new Table(chart, 'table', { why: 'For a test', name: 'table', forProvider: {} });
    expect(pathOf(observed(table, (status) => status.atProvider.arn))).toEqual([{ key: 'atProvider' }, { key: 'arn' }]);
    // What follows is for the compiler: each line is red in an editor.
    // @ts-expect-error -- a misspelt field
    observed(table, (status) => status.atProvider.anr);
    // @ts-expect-error -- a field below a text
    observed(it_, (status) => status.arn.name);
    // @ts-expect-error -- a number is no string
    observed(it_, (status) => status.count);
    // @ts-expect-error -- a list is no string
    observed(it_, (status) => status.nameServers);
    // @ts-expect-error -- an object is no string
    observed(it_, (status) => status.key);
    expect(() => {
      // @ts-expect-error -- an index could be undefined; lists have at()
      observed(it_, (status) => status.options[0].value);
    }).not.toThrow();
    // @ts-expect-error -- the entries have no such field to look for
    observed(it_, (status) => status.options.where('name', 'x').value);
    // @ts-expect-error -- a map has key()
    observed(it_, (status) => status.labels.name);
    // @ts-expect-error -- a list of objects is no list of strings
    observedList(it_, (status) => status.options);
  });
});

describe('observed() misused', () => {
  it.each<[string, () => unknown]>([
    ['a template inside', () => observed(it_, (status) => `${status.arn}/*`)],
    ['a concatenation', () => observed(it_, (status) => status.arn.concat('/*'))],
    ['a comparison', () => observed(it_, (status) => (status.arn > 'a' ? status.arn : status.arn))],
    ['a method of strings', () => observed(it_, (status) => status.arn.trim())],
    ['a constant', () => observed(it_, () => 'arn:aws:s3:::mine')],
    ['a loop', () => observed(it_, (status) => [...(status.nameServers as unknown as string[])].join())],
    ['the whole status', () => observed(it_, (status) => status as unknown as string)],
    ['a list of its own', () => observedList(it_, () => ['a'] as unknown as never)],
  ])('%s is refused in one sentence', (_, misuse) => {
    expect(misuse).toThrow(/^observed\(\) [^\n]+\.$/);
  });
});

describe('observedList()', () => {
  it('is one element that stands for many', () => {
    const list = observedList(it_, (status) => status.nameServers);
    expect(list).toHaveLength(1);
    expect(wholeToken(list[0] ?? '')).toMatchObject({ type: 'list', path: [{ key: 'nameServers' }] });
  });
});
