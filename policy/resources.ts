import type { Json, JsonObject, KubernetesObject } from '../imports/base.ts';
import { asObject, isList } from '../crossplane/schema/json.ts';
import type { Rendered } from './rule.ts';

const EXTERNAL_NAME = 'crossplane.io/external-name';

/** `<Kind>.<service>`: `Bucket.s3`. */
export function kindOf({ apiVersion, kind }: Pick<KubernetesObject, 'apiVersion' | 'kind'>): string {
  return `${kind}.${apiVersion.split('.')[0] ?? ''}`;
}

/** What is wanted of a resource, with what it only begins with. */
export function wanted(resource: KubernetesObject): JsonObject {
  return { ...asObject(resource.spec?.['initProvider']), ...asObject(resource.spec?.['forProvider']) };
}

/** The value at a path of own keys; a number is the entry of a list. */
export function at(value: Json | undefined, ...path: readonly (string | number)[]): Json | undefined {
  return path.reduce<Json | undefined>(
    (inner, key) => (isList(inner) && typeof key === 'number' ? inner[key] : asObject(inner)[String(key)]),
    value,
  );
}

/** Entries of a list, each as an object; empty where there is no list. */
export function entries(value: Json | undefined): readonly JsonObject[] {
  return isList(value) ? value.map(asObject) : [];
}

/** AWS name of a resource where the chart chooses it. */
export function awsNameOf({ metadata }: KubernetesObject): string | undefined {
  return metadata.annotations?.[EXTERNAL_NAME];
}

/** Resources of a kind. */
export function all({ resources }: Pick<Rendered, 'resources'>, kind: string): readonly KubernetesObject[] {
  return resources.filter((resource) => kindOf(resource) === kind);
}

/** What is wanted of an aspect of a bucket, such as its `BucketVersioning`; undefined when it has none. */
export function aspectOf(bucket: KubernetesObject, kind: string, rendered: Rendered): JsonObject | undefined {
  return all(rendered, `${kind}.s3`)
    .map(wanted)
    .find((aspect) => aspect['bucket'] === awsNameOf(bucket));
}

/** Lifecycle rules of a bucket. */
export function lifecycleOf(bucket: KubernetesObject, rendered: Rendered): readonly JsonObject[] {
  return entries(aspectOf(bucket, 'BucketLifecycleConfiguration', rendered)?.['rule']);
}
