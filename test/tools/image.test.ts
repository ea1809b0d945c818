import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { problemsOf } from '../../tools/image/check.ts';
import { stored } from '../../tools/image/gzip.ts';
import { BUNDLE, LICENSE, NOTICES } from '../../tools/bundle/files.ts';
import { BASE_IMAGE, FOLDER, functionLayout, sha256, type Layout } from '../../tools/image/layout.ts';
import { tar, untar } from '../../tools/image/tar.ts';

const code = Buffer.from('console.log(1);\n');
const contents = new Map([
  [BUNDLE, code],
  [LICENSE, Buffer.from('Ours.\n')],
  [NOTICES, Buffer.from('Theirs.\n')],
]);
const layout = functionLayout(contents, '1.2.3');

/** The blobs that are JSON and have such a media type. */
function documents(of: Layout, mediaType: string): readonly Record<string, unknown>[] {
  return [...of]
    .filter(([path, content]) => path.startsWith('blobs/') && content[0] === '{'.charCodeAt(0))
    .map(([, content]) => JSON.parse(content.toString()) as Record<string, unknown>)
    .filter((document) => document['mediaType'] === mediaType);
}

function changed(path: RegExp, change: (content: Buffer) => Buffer | undefined): Layout {
  return new Map(
    [...layout].flatMap(([name, content]) => {
      const next = path.test(name) ? change(content) : content;
      return next === undefined ? [] : [[name, next] as const];
    }),
  );
}

describe('the layout', () => {
  test('has no problem, and is the same bytes each time', () => {
    expect(problemsOf(layout)).toEqual([]);
    expect([...functionLayout(contents, '1.2.3')]).toEqual([...layout]);
  });

  test('follows the bundle and the version', () => {
    const index = (of: Layout): string => sha256(of.get('index.json') ?? Buffer.alloc(0));

    expect(
      new Set(
        [
          layout,
          functionLayout(contents, '1.2.4'),
          functionLayout(new Map([...contents, [BUNDLE, Buffer.alloc(1)]]), '1.2.3'),
          functionLayout(new Map([...contents, [NOTICES, Buffer.alloc(1)]]), '1.2.3'),
        ].map(index),
      ).size,
    ).toBe(4);
  });

  test('is for both architectures, and names the base that it does not hold', () => {
    const [index] = documents(layout, 'application/vnd.oci.image.index.v1+json');

    expect(index).toMatchObject({
      manifests: [
        { platform: { architecture: 'amd64', os: 'linux' } },
        { platform: { architecture: 'arm64', os: 'linux' } },
      ],
      annotations: {
        'org.opencontainers.image.base.name': BASE_IMAGE.name,
        'org.opencontainers.image.base.digest': BASE_IMAGE.digest,
        'org.opencontainers.image.version': '1.2.3',
      },
    });
  });

  test('runs the bundle where the Dockerfile has it, from the same base, as the same user', () => {
    const dockerfile = readFileSync(new URL('../../Dockerfile', import.meta.url), 'utf8');
    const configs = [...layout.values()].filter((content) => content.includes('"Entrypoint"'));
    expect(configs).toHaveLength(2);
    for (const content of configs) {
      const { config } = JSON.parse(content.toString()) as { readonly config: Record<string, unknown> };
      expect(dockerfile).toContain(`ENTRYPOINT ${JSON.stringify(config['Entrypoint']).replaceAll(',', ', ')}\n`);
      expect(dockerfile).toContain(`USER ${String(config['User'])}\n`);
    }
    expect(dockerfile).toContain(`BASE_IMAGE=${BASE_IMAGE.name}@${BASE_IMAGE.digest}\n`);
    const copied = [...contents.keys()].map((name) => `/src/build/function/${name} `);
    expect(dockerfile).toContain(` ${copied.join('')}/${FOLDER}/\n`);
  });

  test('takes both of its images by digest', () => {
    const dockerfile = readFileSync(new URL('../../Dockerfile', import.meta.url), 'utf8');
    const images = dockerfile.match(/^ARG \w+_IMAGE=.*$/gm) ?? [];
    expect(images).toHaveLength(2);
    for (const image of images) expect(image).toMatch(/=[\w./-]+:[\w.-]+@sha256:[0-9a-f]{64}$/);
    expect(dockerfile.match(/^FROM .*$/gm)).toEqual([
      'FROM --platform=$BUILDPLATFORM ${BUILD_IMAGE} AS bundle',
      'FROM ${BASE_IMAGE}',
    ]);
  });

  test.each<[string, Layout, string]>([
    [
      'a blob that was changed',
      changed(/^blobs/, (content) => Buffer.concat([content, Buffer.from(' ')])),
      'is not the digest',
    ],
    ['a blob that is missing', changed(/^blobs\/sha256\/[0-7]/, () => undefined), 'is not among the blobs'],
    ['no notices', functionLayout(new Map([[BUNDLE, code]]), '1.2.3'), 'No layer has THIRD-PARTY-NOTICES.txt.'],
    ['a blob of nobody', new Map([...layout, ['blobs/sha256/00', code]]), 'Nothing refers to blobs/sha256/00'],
    ['no version', changed(/^oci-layout$/, () => Buffer.from('{}')), 'names no version'],
    ['no image', changed(/^index\.json$/, () => Buffer.from('{"manifests":[]}')), 'not exactly one image'],
  ])('with %s is found out', (_, broken, sentence) => {
    expect(problemsOf(broken).join('\n')).toContain(sentence);
  });
});

test.each([0, 1, 65_535, 65_536, 200_000])('another program reads %d stored bytes as they were meant', (size) => {
  const content = Buffer.alloc(size, 'owlnest');

  expect(execFileSync('gzip', ['-dc'], { input: stored(content) }).equals(content)).toBe(true);
});

test('another program reads the archive as it was meant', () => {
  const folder = mkdtempSync(join(tmpdir(), 'owlnest-tar-'));
  try {
    const entries = [
      { path: 'a/', mode: 0o755 },
      { path: 'a/empty', mode: 0o444, content: Buffer.alloc(0) },
      { path: 'a/block', mode: 0o644, content: Buffer.alloc(512, 'x') },
      { path: 'a/more', mode: 0o600, content: Buffer.from('ü'.repeat(300)) },
    ];
    writeFileSync(join(folder, 'a.tar'), tar(entries));
    execFileSync('tar', ['-xf', 'a.tar'], { cwd: folder });
    for (const { path, content } of entries.slice(1)) {
      expect(readFileSync(join(folder, path))).toEqual(content);
      expect(untar(tar(entries)).get(path)).toEqual(content);
    }
    const list = execFileSync('tar', ['--utc', '--numeric-owner', '-tvf', 'a.tar'], { cwd: folder, encoding: 'utf8' });
    expect(list.split('\n')[1]).toMatch(/^-r--r--r-- 0\/0 +0 1970-01-01 00:00/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
