import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import envPaths from 'env-paths';

/** A program that is built from the pinned Go module in the folder of that name. */
export interface Binary {
  readonly name: BinaryName | 'crossplane-cli';
  readonly module: 'etcd' | 'kubernetes' | 'crossplane' | 'cli';
  /** The Go package to build, as `go build` takes it. */
  readonly target: string;
  /** Go variables that are set when it is linked. */
  readonly variables?: Readonly<Record<string, string>>;
}

export type BinaryName = 'etcd' | 'kube-apiserver' | 'kube-controller-manager' | 'crossplane';

/** The programs of the real control plane. */
export const binaries: readonly Binary[] = [
  { name: 'etcd', module: 'etcd', target: '.' },
  { name: 'kube-apiserver', module: 'kubernetes', target: 'k8s.io/kubernetes/cmd/kube-apiserver' },
  { name: 'kube-controller-manager', module: 'kubernetes', target: 'k8s.io/kubernetes/cmd/kube-controller-manager' },
  {
    name: 'crossplane',
    module: 'crossplane',
    target: 'github.com/crossplane/crossplane/v2/cmd/crossplane',
    // The RBAC manager serves metrics at a fixed port of all addresses, and has no flag for another.
    variables: { 'sigs.k8s.io/controller-runtime/pkg/metrics/server.DefaultBindAddress': '127.0.0.1:0' },
  },
];

/** Crossplane's command line: a release of its own, and no part of the control plane, which starts without it. */
export const commandLine: Binary = {
  name: 'crossplane-cli',
  module: 'cli',
  target: 'github.com/crossplane/cli/v2/cmd/crossplane',
};

/** The folder of a binary's Go module. */
export function moduleFolder(binary: Binary): string {
  return join(import.meta.dirname, binary.module);
}

/** What `go build -ldflags` takes. */
export function linkerFlags({ variables = {} }: Binary): string {
  return Object.entries(variables)
    .map(([name, value]) => `-X=${name}=${value}`)
    .join(' ');
}

/** Where the binary lies once built: outside the checkout, in a folder that changes with anything it is built from. */
export function binaryPath(binary: Binary): string {
  const folder = moduleFolder(binary);
  const hash = createHash('sha256').update(`${process.platform}/${process.arch}\n${linkerFlags(binary)}`);
  for (const file of readdirSync(folder).sort()) {
    hash.update(`${file}\n`).update(readFileSync(join(folder, file)));
  }
  return join(
    envPaths('owlnest').cache,
    'e2e-tools',
    `${binary.module}-${hash.digest('hex').slice(0, 16)}`,
    binary.name,
  );
}

/** Paths of the control plane's programs; throws one sentence when some are not built yet. */
export function builtBinaries(): Readonly<Record<BinaryName, string>> {
  const path = built(binaries);
  return {
    etcd: path('etcd'),
    'kube-apiserver': path('kube-apiserver'),
    'kube-controller-manager': path('kube-controller-manager'),
    crossplane: path('crossplane'),
  };
}

/** Path of Crossplane's command line; throws one sentence when it is not built yet. */
export function builtCommandLine(): string {
  return built([commandLine])('crossplane-cli');
}

function built(wanted: readonly Binary[]): (name: Binary['name']) => string {
  const paths = new Map(wanted.map((binary) => [binary.name, binaryPath(binary)]));
  const missing = [...paths].filter(([, path]) => !existsSync(path)).map(([name]) => name);
  if (missing.length > 0) {
    throw new Error(`The end-to-end tests need ${missing.join(', ')}: run \`npm run e2e:tools\` once.`);
  }
  return (name) => paths.get(name) ?? '';
}
