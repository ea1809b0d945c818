import type { JsonObject, KubernetesObject } from '../../imports/base.ts';
import type { ResourceId } from '../reference/identity.ts';

const controllers = new WeakMap<KubernetesObject, string | undefined>();

/** The uid of the composite that an object is composed by. Looked up once an object: every composite asks it of all of them. */
export function controllerUid(object: KubernetesObject): string | undefined {
  if (controllers.has(object)) return controllers.get(object);
  const owner = object.metadata.ownerReferences?.find((reference) => reference['controller'] === true);
  const uid = owner === undefined ? undefined : String(owner['uid']);
  controllers.set(object, uid);
  return uid;
}

/** With what core adds to everything that it composes. */
export function composedObject(
  object: KubernetesObject,
  id: ResourceId,
  composite: KubernetesObject,
): KubernetesObject {
  const root = composite.metadata.labels?.['crossplane.io/composite'] ?? composite.metadata.name;
  const owner: JsonObject = {
    apiVersion: composite.apiVersion,
    kind: composite.kind,
    name: composite.metadata.name,
    uid: composite.metadata.uid ?? '',
    controller: true,
    blockOwnerDeletion: true,
  };
  return {
    ...object,
    metadata: {
      ...object.metadata,
      ...(composite.metadata.namespace === undefined ? {} : { namespace: composite.metadata.namespace }),
      labels: { ...object.metadata.labels, 'crossplane.io/composite': root },
      annotations: { ...object.metadata.annotations, 'crossplane.io/composition-resource-name': id },
      ownerReferences: [owner],
    },
  };
}
