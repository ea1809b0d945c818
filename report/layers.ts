import { API_VERSION } from '../crossplane/definition/api.ts';
import type { Converged } from '../crossplane/embedded/control-plane.ts';
import type { Finding } from '../crossplane/embedded/findings.ts';
import { resourceId, type ResourceId } from '../crossplane/reference/identity.ts';
import type { KubernetesObject } from '../imports/base.ts';

/** One layer of a converged environment with everything below it. */
export interface Layer {
  /** Its kind in lower case, which is the name of its chart's folder: `storage`. */
  readonly name: string;
  readonly composites: readonly KubernetesObject[];
  readonly resources: readonly KubernetesObject[];
  readonly waiting: number;
  readonly findings: readonly Finding[];
}

/** An environment as it ends, layer by layer. */
export interface EnvironmentReport {
  readonly name: string;
  readonly passes: number;
  readonly composites: readonly KubernetesObject[];
  readonly layers: readonly Layer[];
  /** All findings, those of the Environment itself included. */
  readonly findings: readonly Finding[];
}

/** Sorts what came to rest into layers: the direct children of the Environment. */
export function environmentReport(name: string, converged: Converged, findings: readonly Finding[]): EnvironmentReport {
  const parents = new Map(converged.objects.map((object) => [idOf(object), parentOf(object)]));
  const layerOf = (id: ResourceId): ResourceId | undefined => {
    const parent = parents.get(id);
    if (parent === undefined) return undefined;
    return parents.get(parent) === undefined ? id : layerOf(parent);
  };
  const composites = converged.objects.filter(({ apiVersion }) => apiVersion === API_VERSION);
  const layers = composites.filter((object) => layerOf(idOf(object)) === idOf(object));
  return {
    name,
    passes: converged.passes,
    composites,
    findings,
    layers: layers.map((layer) => {
      const id = idOf(layer);
      const within = converged.objects.filter((object) => layerOf(idOf(object)) === id);
      const inside = new Set(within.map(idOf));
      return {
        name: layer.kind.toLowerCase(),
        composites: within.filter(({ apiVersion }) => apiVersion === API_VERSION),
        resources: within.filter(({ apiVersion }) => apiVersion !== API_VERSION),
        waiting: [...converged.composites].reduce(
          (sum, [composite, result]) =>
            sum + (inside.has(composite) && result.outcome === 'composed' ? result.status.waiting.length : 0),
          0,
        ),
        findings: findings.filter(({ composite }) => inside.has(composite)),
      };
    }),
  };
}

/** The composite that composed the object, as `<Kind>/<name>`; `undefined` for what a person applied. */
export function parentText(object: KubernetesObject): string | undefined {
  const owner = controllerOf(object);
  return owner === undefined ? undefined : `${String(owner['kind'])}/${String(owner['name'])}`;
}

/** Identity of the composite that composed the object; `undefined` for what a person applied. */
export function parentOf(object: KubernetesObject): ResourceId | undefined {
  const owner = controllerOf(object);
  if (owner === undefined) return undefined;
  return resourceId({ apiVersion: String(owner['apiVersion']), kind: String(owner['kind']) }, String(owner['name']));
}

function controllerOf(object: KubernetesObject) {
  return object.metadata.ownerReferences?.find((reference) => reference['controller'] === true);
}

function idOf(object: KubernetesObject): ResourceId {
  return resourceId(object, object.metadata.name);
}
