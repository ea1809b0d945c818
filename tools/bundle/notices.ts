import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import licenses from 'spdx-license-list/full.js';
import { z } from 'zod';

/** One npm package of which something is in the bundle. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** As its `package.json` says, in SPDX's terms. */
  readonly license: string;
  /** The texts that have to go with it. */
  readonly texts: readonly string[];
}

const manifestShape = z.looseObject({
  name: z.string(),
  version: z.string(),
  license: z.string(),
  author: z.union([z.string(), z.looseObject({ name: z.string() })]).optional(),
});
type Manifest = z.infer<typeof manifestShape>;

/**
 * The packages that these source files of a bundle belong to, by name and version. Throws for one that names no licence,
 * or none that anybody has written down.
 */
export function bundledPackages(root: string, inputs: readonly string[]): readonly BundledPackage[] {
  const files = new Map<string, string[]>();
  for (const input of inputs) {
    // The last one: a package may have packages of its own.
    const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(input)?.[0];
    if (folder !== undefined) files.set(folder, [...(files.get(folder) ?? []), input]);
  }
  const packages = [...files].map(([folder, own]): BundledPackage => {
    const manifest = manifestShape.parse(JSON.parse(readFileSync(path.join(root, folder, 'package.json'), 'utf8')));
    const { name, version, license } = manifest;
    const texts = legalTexts(path.join(root, folder));
    return {
      name,
      version,
      license,
      texts: texts.length > 0 ? texts : standardTexts(manifest, copyrights(root, own)),
    };
  });
  return packages.sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}

/** One line a package, for a person who looks at what has come in. */
export function packageList(packages: readonly BundledPackage[]): string {
  return packages.map(({ license, ...one }) => `${keyOf(one)} ${license}\n`).join('');
}

/** All texts in one file; the same bytes for the same packages. */
export function noticesText(packages: readonly BundledPackage[]): string {
  const head = 'OwlNest (Apache-2.0, see LICENSE) contains parts of these packages, under their own licences.\n';
  const entries = packages.map((one) => `${'='.repeat(80)}\n${keyOf(one)} (${one.license})\n\n${one.texts.join('\n')}`);
  return [head, ...entries].join('\n');
}

function keyOf({ name, version }: Pick<BundledPackage, 'name' | 'version'>): string {
  return `${name}@${version}`;
}

/** What the package itself brings. */
function legalTexts(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((file) => /^(?:licen[cs]e|copying|notice)(?:[.-]|$)/i.test(file))
    .sort()
    .map((file) => asLines(readFileSync(path.join(folder, file), 'utf8')));
}

/** For a package that brings no text: the standard one of each licence that it names, with who has the rights. */
function standardTexts({ name, license, author }: Manifest, copyright: readonly string[]): readonly string[] {
  const by = typeof author === 'string' ? author : author?.name;
  const owners = copyright.length > 0 ? copyright : by === undefined ? [] : [`By ${by}.`];
  const ids = license.replace(/[()]/g, '').split(/ (?:AND|OR) /);
  const texts = ids.map((id) => {
    const text = licenses[id]?.licenseText;
    if (text === undefined)
      throw new Error(`The package ${name} names the licence ${license}, whose text is not known.`);
    return asLines(text);
  });
  const said = `The package brings no text of its licence; it names ${license} in package.json.`;
  return [asLines([said, ...owners].join('\n')), ...texts];
}

/** The statements in the comments of these files, each once. */
function copyrights(root: string, files: readonly string[]): readonly string[] {
  const found = files.flatMap((file) =>
    readFileSync(path.join(root, file), 'utf8')
      .split('\n')
      .flatMap((line) => /^[\s/*]*(Copyright .*\d{4}.*)$/.exec(line)?.[1] ?? []),
  );
  return [...new Set(found)].sort();
}

function asLines(text: string): string {
  return `${text.replaceAll('\r\n', '\n').trim()}\n`;
}
