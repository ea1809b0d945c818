import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { GroupVersionKind, KubernetesObject } from '../../../imports/base.ts';
import { isKubernetesObject, isList, isObject } from '../../../crossplane/schema/json.ts';
import { parseLockIndex } from '../../../crossplane/schema/registry.ts';

const imports = join(import.meta.dirname, '..', '..', '..', 'imports');

/** The kept CRDs of Crossplane core. */
export const CORE_CRDS = join(imports, 'crds', 'crossplane-v2.4.0.ndjson.gz');

/** The CRDs of Crossplane core. */
export function coreCrds(): readonly KubernetesObject[] {
  return read(CORE_CRDS, () => true);
}

/** The provider's CRDs of these names (`keys.kms.aws.m.upbound.io`); throws for one of a kind that is not imported. */
export function providerCrds(names: readonly string[]): readonly KubernetesObject[] {
  const wanted = new Set(names);
  const { provider, version } = parseLockIndex(readFileSync(join(imports, 'lock', 'index.json'), 'utf8'));
  const found = read(join(imports, 'crds', `${provider}-${version}.ndjson.gz`), (line) => wanted.has(nameIn(line)));
  const missing = names.filter((name) => !found.some((crd) => crd.metadata.name === name));
  if (missing.length > 0) throw new Error(`imports/crds has no CRD ${missing.join(', ')}.`);
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

/** Only the lines that are wanted are read as JSON. */
function read(file: string, wanted: (line: string) => boolean): readonly KubernetesObject[] {
  const text = gunzipSync(readFileSync(file)).toString('utf8');
  const objects = text.split('\n').filter((line) => line !== '' && wanted(line));
  return objects.map((line): unknown => JSON.parse(line)).filter(isKubernetesObject);
}

function nameIn(line: string): string {
  return /"metadata":\{"name":"([^"]+)"/.exec(line)?.[1] ?? '';
}
