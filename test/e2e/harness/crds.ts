import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { GroupVersionKind, KubernetesObject } from '../../../imports/base.ts';
import { isList, isObject } from '../../../crossplane/schema/json.ts';
import { parseLockIndex } from '../../../crossplane/schema/registry.ts';
import { isKubernetesObject } from '../../../crossplane/server/codec.ts';

const checkout = join(import.meta.dirname, '..', '..', '..');

/** The folder with the pinned CRDs: beside the checkout, or where `OWLNEST_CRDS` says. */
function crdFolder(): string {
  const folder = process.env['OWLNEST_CRDS'] ?? join(checkout, '..', 'shared', 'crds');
  if (!existsSync(folder)) {
    throw new Error(
      `The end-to-end tests read the pinned CRDs from ${folder}, which does not exist: set OWLNEST_CRDS.`,
    );
  }
  return folder;
}

/** The CRDs of Crossplane core. */
export function coreCrds(): readonly KubernetesObject[] {
  return read('crossplane-v2.4.0.ndjson.gz', () => true);
}

/** The provider's CRDs of these names (`keys.kms.aws.m.upbound.io`); throws for a name that it does not have. */
export function providerCrds(names: readonly string[]): readonly KubernetesObject[] {
  const wanted = new Set(names);
  const { provider, version } = parseLockIndex(readFileSync(join(checkout, 'imports', 'lock', 'index.json'), 'utf8'));
  const found = read(`${provider}-${version}.ndjson.gz`, (line) => wanted.has(nameIn(line)));
  const missing = names.filter((name) => !found.some((crd) => crd.metadata.name === name));
  if (missing.length > 0) throw new Error(`The provider has no CRD ${missing.join(', ')}.`);
  return found;
}

/** True for an XRD. */
export function isXrd({ kind }: KubernetesObject): boolean {
  return kind === 'CompositeResourceDefinition';
}

/** A kind as a provider package brings it: switched off until a policy activates it. */
export function managedDefinition(crd: KubernetesObject): KubernetesObject {
  return {
    apiVersion: 'apiextensions.crossplane.io/v1alpha1',
    kind: 'ManagedResourceDefinition',
    metadata: { name: crd.metadata.name },
    spec: { ...crd.spec, state: 'Inactive' },
  };
}

/** The kind that a CRD or XRD defines, in its first version. */
export function kindOf(crd: KubernetesObject): GroupVersionKind {
  const { group, names, versions } = crd.spec ?? {};
  const version: unknown = isList(versions) ? versions[0] : undefined;
  const [kind, name] = [isObject(names) ? names['kind'] : undefined, isObject(version) ? version['name'] : undefined];
  if (typeof group !== 'string' || typeof kind !== 'string' || typeof name !== 'string') {
    throw new Error(`${crd.metadata.name} defines no kind.`);
  }
  return { apiVersion: `${group}/${name}`, kind };
}

/** Only the lines that are wanted are read as JSON: all of them are 1,022 CRDs. */
function read(file: string, wanted: (line: string) => boolean): readonly KubernetesObject[] {
  const text = gunzipSync(readFileSync(join(crdFolder(), file))).toString('utf8');
  const objects = text.split('\n').filter((line) => line !== '' && wanted(line));
  return objects.map((line): unknown => JSON.parse(line)).filter(isKubernetesObject);
}

function nameIn(line: string): string {
  return /"metadata":\{"name":"([^"]+)"/.exec(line)?.[1] ?? '';
}
