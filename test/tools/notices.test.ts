import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { bundle, functionEntry } from '../../tools/bundle/bundle.ts';
import { functionFiles, NOTICES } from '../../tools/bundle/files.ts';
import { bundledPackages, noticesText, packageList } from '../../tools/bundle/notices.ts';
import { releaseOf } from '../support/release.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const GOLDEN = new URL('../golden/bundled-packages.txt', import.meta.url);

describe('the notices of the bundle', () => {
  test('have every package that something is taken of, and those are the ones that people have looked at', async () => {
    const made = await bundle(ROOT, functionEntry(ROOT, releaseOf('0.1.0')));
    const inputs = Object.keys(made.inputs);
    const packages = bundledPackages(ROOT, inputs);
    const list = packageList(packages);
    if (process.env['OWLNEST_GOLDEN'] === 'write') writeFileSync(GOLDEN, list);
    expect(list).toBe(readFileSync(GOLDEN, 'utf8'));

    const text = Buffer.from(functionFiles(ROOT, made).get(NOTICES) ?? []).toString('utf8');
    const names = new Set(inputs.flatMap((file) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []));
    expect(names.size).toBeGreaterThan(30);
    for (const name of names) expect(text).toMatch(new RegExp(`^${name}@\\d\\S* \\(`, 'm'));
    // Of the package's own text, and for one that brings none.
    expect(text).toContain(readFileSync(path.join(ROOT, 'node_modules/pino/LICENSE'), 'utf8').trim());
    expect(text).toMatch(/^Copyright 2021-\d{4} Buf Technologies, Inc\.$/m);
  }, 60_000);
});

describe('the notices of a package', () => {
  let root = '';
  beforeAll(() => {
    root = mkdtempSync(path.join(tmpdir(), 'owlnest-notices-'));
  });
  afterAll(() => rmSync(root, { recursive: true }));

  function packed(folder: string, files: Readonly<Record<string, string>>): void {
    mkdirSync(path.join(root, folder), { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(root, folder, name), text);
  }
  const manifest = (name: string, license?: string): string =>
    JSON.stringify({ name, version: '1.0.0', license, author: { name: 'Somebody' } });

  test('are its own texts, all of them, also within another package', () => {
    packed('node_modules/outer', { 'package.json': manifest('outer', 'MIT'), 'LICENSE.md': 'Of outer.\r\n' });
    packed('node_modules/outer/node_modules/@in/ner', {
      'package.json': manifest('@in/ner', 'Apache-2.0'),
      LICENCE: 'Of inner.',
      NOTICE: 'And so on.',
      'license-check.js': 'no();',
    });
    const inputs = ['own.ts', 'node_modules/outer/a.js', 'node_modules/outer/node_modules/@in/ner/b.js'];
    const packages = bundledPackages(root, inputs);
    expect(packageList(packages)).toBe('@in/ner@1.0.0 Apache-2.0\nouter@1.0.0 MIT\n');
    expect(noticesText(packages)).toMatch(/@in\/ner@1\.0\.0 \(Apache-2\.0\)\n\nOf inner\.\n\nAnd so on\.\n/);
    expect(noticesText(packages)).toContain('outer@1.0.0 (MIT)\n\nOf outer.\n');
  });

  test('are the standard text and whose it is, where it brings none', () => {
    packed('node_modules/bare', {
      'package.json': manifest('bare', '(MIT AND ISC)'),
      'x.js': '// Copyright 2020 Them\n',
    });
    packed('node_modules/barer', { 'package.json': manifest('barer', 'ISC'), 'x.js': '' });
    const text = noticesText(bundledPackages(root, ['node_modules/bare/x.js', 'node_modules/barer/x.js']));
    expect(text).toMatch(/it names \(MIT AND ISC\) in package\.json\.\nCopyright 2020 Them\n/);
    expect(text).toContain('Permission is hereby granted, free of charge');
    expect(text).toMatch(/it names ISC in package\.json\.\nBy Somebody\.\n/);
  });

  test('cannot be made for one that names no licence, or one that nobody has written down', () => {
    packed('node_modules/none', { 'package.json': manifest('none') });
    packed('node_modules/own', { 'package.json': manifest('own', 'SEE LICENSE IN x'), 'x.js': '' });
    expect(() => bundledPackages(root, ['node_modules/none/x.js'])).toThrow('license');
    expect(() => bundledPackages(root, ['node_modules/own/x.js'])).toThrow(
      'The package own names the licence SEE LICENSE IN x, whose text is not known.',
    );
  });
});
