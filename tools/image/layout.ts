import { createHash } from 'node:crypto';
import { stringify } from 'yaml';
import { BUNDLE } from '../bundle/files.ts';
import { stored } from './gzip.ts';
import { tar } from './tar.ts';

/** Files of an OCI image layout by path. */
export type Layout = ReadonlyMap<string, Buffer>;

/** What a descriptor points to. */
interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly platform?: { readonly architecture: string; readonly os: string };
}

/** Below these layers belongs Node, which this layout does not hold; the same in the Dockerfile. */
export const BASE_IMAGE = {
  name: 'gcr.io/distroless/nodejs24-debian13:nonroot',
  digest: 'sha256:9eeb7f5887d0e239e78264b06f7f11d2e14be534050481803a9e4728fcdd278e',
};

/** The folder in the image; the same in the Dockerfile. */
export const FOLDER = 'owlnest';
/** Where the bundle lies in the image. */
export const BUNDLE_PATH = `${FOLDER}/${BUNDLE}`;

const ARCHITECTURES = ['amd64', 'arm64'];

const MEDIA = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
};

/** By this Crossplane finds the layer with `package.yaml`, and need not read the others. */
const PACKAGE_LAYER = { 'io.crossplane.xpkg': 'base' };

/** The Function package of these files (`functionFiles`): the same bytes for the same files and version. */
export function functionLayout(contents: ReadonlyMap<string, Uint8Array>, version: string): Layout {
  const files = new Map<string, Buffer>();
  const add = (mediaType: string, content: Buffer): Descriptor => {
    const digest = `sha256:${sha256(content)}`;
    files.set(blobPath(digest), content);
    return { mediaType, digest, size: content.length };
  };
  const addJson = (mediaType: string, value: object): Descriptor => add(mediaType, json(value));

  const layers = [packageArchive(), runtimeArchive(contents)].map((archive) => ({
    ...add(MEDIA.layer, stored(archive)),
    diffId: `sha256:${sha256(archive)}`,
  }));
  const descriptors = layers.map(({ diffId: _, ...descriptor }, index) =>
    index === 0 ? { ...descriptor, annotations: PACKAGE_LAYER } : descriptor,
  );
  const annotations = annotationsOf(version);
  const manifests = ARCHITECTURES.map((architecture) => {
    const config = addJson(MEDIA.config, imageConfig(architecture, layers, annotations));
    const manifest = {
      schemaVersion: 2,
      mediaType: MEDIA.manifest,
      config,
      layers: descriptors,
      annotations,
    };
    return { ...addJson(MEDIA.manifest, manifest), platform: { architecture, os: 'linux' } };
  });
  const index = addJson(MEDIA.index, { schemaVersion: 2, mediaType: MEDIA.index, manifests, annotations });
  const named = { ...index, annotations: { 'org.opencontainers.image.ref.name': `v${version}` } };
  files.set('oci-layout', json({ imageLayoutVersion: '1.0.0' }));
  files.set('index.json', json({ schemaVersion: 2, mediaType: MEDIA.index, manifests: [named] }));
  return files;
}

/** Path of a blob in the layout. */
export function blobPath(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`;
}

export function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** What Crossplane's package manager reads. */
function packageArchive(): Buffer {
  const meta = {
    apiVersion: 'meta.pkg.crossplane.io/v1',
    kind: 'Function',
    metadata: {
      name: 'function-owlnest',
      annotations: {
        'meta.crossplane.io/description': 'Composes the platform of OwlNest: every kind of owlnest.io/v1alpha1.',
        'meta.crossplane.io/license': 'Apache-2.0',
      },
    },
    spec: { crossplane: { version: '>=v2.4.0' }, capabilities: ['composition'] },
  };
  return tar([{ path: 'package.yaml', mode: 0o644, content: Buffer.from(stringify(meta)) }]);
}

function runtimeArchive(contents: ReadonlyMap<string, Uint8Array>): Buffer {
  return tar([
    { path: `${FOLDER}/`, mode: 0o755 },
    ...[...contents].map(([name, content]) => ({ path: `${FOLDER}/${name}`, mode: 0o444, content })),
  ]);
}

function imageConfig(
  architecture: string,
  layers: readonly (Descriptor & { readonly diffId: string })[],
  annotations: Readonly<Record<string, string>>,
): object {
  const packageLayer = layers[0]?.digest ?? '';
  const created = new Date(0).toISOString();
  return {
    architecture,
    os: 'linux',
    created,
    config: {
      User: '65532:65532',
      Env: ['NODE_ENV=production'],
      Entrypoint: ['/nodejs/bin/node', `/${BUNDLE_PATH}`, 'serve'],
      WorkingDir: '/',
      ExposedPorts: { '8080/tcp': {}, '9443/tcp': {} },
      // Crossplane's own push makes the layer's annotation of this one.
      Labels: { ...annotations, [`io.crossplane.xpkg:${packageLayer}`]: 'base' },
    },
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
    history: [
      { created, created_by: 'package.yaml of the Crossplane package' },
      { created, created_by: 'the bundle of OwlNest' },
    ],
  };
}

function annotationsOf(version: string): Readonly<Record<string, string>> {
  return {
    'org.opencontainers.image.title': 'function-owlnest',
    'org.opencontainers.image.version': version,
    'org.opencontainers.image.licenses': 'Apache-2.0',
    'org.opencontainers.image.base.name': BASE_IMAGE.name,
    'org.opencontainers.image.base.digest': BASE_IMAGE.digest,
  };
}

function json(value: object): Buffer {
  return Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
}
