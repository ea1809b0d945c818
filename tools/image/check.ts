import { gunzipSync } from 'node:zlib';
import { parse } from 'yaml';
import { LICENSE, NOTICES } from '../bundle/files.ts';
import { BUNDLE_PATH, FOLDER, blobPath, sha256, type Layout } from './layout.ts';
import { untar } from './tar.ts';

/** Everything that is wrong with the layout of a Function package, in sentences. */
export function problemsOf(layout: Layout): readonly string[] {
  const problems: string[] = [];
  const expect = (holds: boolean, sentence: string): void => {
    if (!holds) problems.push(sentence);
  };
  const seen = new Set(['oci-layout', 'index.json']);
  const blob = (descriptor: unknown, mediaType: RegExp): Buffer | undefined => {
    const digest = text(descriptor, 'digest');
    const content = layout.get(blobPath(digest));
    expect(
      mediaType.test(text(descriptor, 'mediaType')),
      `${digest} has the media type ${text(descriptor, 'mediaType')}.`,
    );
    expect(content !== undefined, `${digest} is not among the blobs.`);
    if (content === undefined) return undefined;
    seen.add(blobPath(digest));
    expect(`sha256:${sha256(content)}` === digest, `${digest} is not the digest of its blob.`);
    expect(
      get(descriptor, 'size') === content.length,
      `${digest} has ${content.length} bytes, and not as many as stated.`,
    );
    return content;
  };

  expect(text(read(layout.get('oci-layout')), 'imageLayoutVersion') === '1.0.0', 'oci-layout names no version 1.0.0.');
  const tops = list(read(layout.get('index.json')), 'manifests');
  expect(tops.length === 1, 'index.json names not exactly one image.');
  const images = tops.flatMap((top) => list(read(blob(top, /\.image\.index\.v1\+json$/)), 'manifests'));
  expect(images.length > 0, 'The image is for no platform.');
  for (const image of images) {
    const manifest = read(blob(image, /\.image\.manifest\.v1\+json$/));
    const config = read(blob(get(manifest, 'config'), /\.image\.config\.v1\+json$/));
    const layers = list(manifest, 'layers');
    const archives = layers.map((layer) => unzip(blob(layer, /\.image\.layer\.v1\.tar\+gzip$/)));
    const ids = list(get(config, 'rootfs'), 'diff_ids');
    expect(
      JSON.stringify(ids) === JSON.stringify(archives.map((archive) => `sha256:${sha256(archive)}`)),
      'The configuration lists other layers than the manifest has.',
    );
    for (const field of ['architecture', 'os']) {
      expect(text(config, field) === text(get(image, 'platform'), field), `The ${field} of index and image differ.`);
    }
    problems.push(...packageProblems(layers, archives), ...runtimeProblems(get(config, 'config'), archives));
  }
  for (const path of layout.keys()) expect(seen.has(path), `Nothing refers to ${path}.`);
  return problems;
}

/** The rules of Crossplane's package specification. */
function packageProblems(layers: readonly unknown[], archives: readonly Buffer[]): readonly string[] {
  const marked = layers.flatMap((layer, index) =>
    get(get(layer, 'annotations'), 'io.crossplane.xpkg') === 'base' ? [archives[index]] : [],
  );
  const [archive] = marked;
  if (marked.length !== 1 || archive === undefined) return ['Not exactly one layer is marked as the package.'];
  const file = untar(archive).get('package.yaml');
  if (file === undefined) return ['The package layer has no package.yaml.'];
  const meta: unknown = parse(file.toString());
  const isFunction = text(meta, 'apiVersion') === 'meta.pkg.crossplane.io/v1' && text(meta, 'kind') === 'Function';
  return isFunction ? [] : ['package.yaml is no meta.pkg.crossplane.io/v1 Function.'];
}

function runtimeProblems(config: unknown, archives: readonly Buffer[]): readonly string[] {
  const files = new Set(archives.flatMap((archive) => [...untar(archive).keys()]));
  const entrypoint = list(config, 'Entrypoint');
  const user = text(config, 'User').split(':')[0] ?? '';
  return [
    ...(files.has(BUNDLE_PATH) ? [] : ['No layer has the bundle.']),
    ...[LICENSE, NOTICES].flatMap((name) => (files.has(`${FOLDER}/${name}`) ? [] : [`No layer has ${name}.`])),
    ...(entrypoint[1] === `/${BUNDLE_PATH}` ? [] : ['The entry point is not the bundle.']),
    ...(Number(user) > 0 ? [] : ['The image runs as root, or as a user whom Kubernetes cannot check.']),
  ];
}

/** The archive in a layer; an empty one when there is none, which has been said by then. */
function unzip(layer: Buffer | undefined): Buffer {
  try {
    return gunzipSync(layer ?? Buffer.alloc(0));
  } catch {
    return Buffer.alloc(0);
  }
}

function read(json: Buffer | undefined): unknown {
  return json === undefined ? undefined : JSON.parse(json.toString());
}

function get(of: unknown, name: string): unknown {
  return typeof of === 'object' && of !== null ? Reflect.get(of, name) : undefined;
}

function text(of: unknown, name: string): string {
  const value = get(of, name);
  return typeof value === 'string' ? value : '';
}

function list(of: unknown, name: string): readonly unknown[] {
  const value = get(of, name);
  return value instanceof Array ? value : [];
}
