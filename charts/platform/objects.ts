import { App, Chart } from 'cdk8s';
import type { KubernetesObject } from '../../imports/base.ts';
import { isObject } from '../../crossplane/schema/json.ts';

/** The objects that `declare` puts into a chart, in its order. Names are taken as given, without cdk8s's hashes. */
export function chartObjects(declare: (chart: Chart) => void): readonly KubernetesObject[] {
  const chart = new Chart(new App(), 'platform', { disableResourceNameHashes: true });
  declare(chart);
  const objects: readonly unknown[] = chart.toJson();
  return objects.map(kubernetesObject);
}

/** Objects by kind and name, whatever order they were found in. */
export function sortedObjects<O extends KubernetesObject>(objects: readonly O[]): readonly O[] {
  return sortedBy(objects, ({ kind, metadata }) => `${kind}/${metadata.namespace ?? ''}/${metadata.name}`);
}

/** Sorted by code units, the same in every locale. */
export function sortedBy<T>(values: readonly T[], key: (value: T) => string): readonly T[] {
  return [...values].sort((one, other) => (key(one) < key(other) ? -1 : key(one) > key(other) ? 1 : 0));
}

/** Each text once, sorted. */
export function sortedSet(texts: Iterable<string>): readonly string[] {
  return sortedBy([...new Set(texts)], (text) => text);
}

function kubernetesObject(value: unknown): KubernetesObject {
  if (!isKubernetesObject(value)) throw new Error(`cdk8s rendered no Kubernetes object: ${JSON.stringify(value)}.`);
  return value;
}

function isKubernetesObject(value: unknown): value is KubernetesObject {
  if (!isObject(value)) return false;
  const { apiVersion, kind, metadata } = value;
  return (
    typeof apiVersion === 'string' &&
    typeof kind === 'string' &&
    isObject(metadata) &&
    typeof metadata['name'] === 'string'
  );
}
