import { ApiObject, Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { ManagedResource, type JsonObject, type KubernetesObject, type ManagementPolicy } from '../../imports/base.ts';
import { resourceId, type ResourceId } from '../reference/identity.ts';
import {
  EXTERNAL_NAME_ANNOTATION,
  GUARDS_DATA_LABEL,
  HOLDS_DATA_LABEL,
  movedFrom,
  type MovedFrom,
} from '../reference/marks.ts';
import type { Context } from './context.ts';
import type { Release } from './release.ts';

/** An object as its chart declares it, tokens still in it. */
export interface Declared {
  /** Of kind and declared name; what tokens call it. */
  readonly id: ResourceId;
  readonly object: KubernetesObject;
  readonly holdsData: boolean;
  readonly moved: MovedFrom | undefined;
  /** Identities of the objects that must be ready before this one is created. */
  readonly after: readonly ResourceId[];
}

/** What may be done to an AWS resource. Never LateInitialize: it writes into specs what git did not say. */
const ALL_POLICIES: readonly ManagementPolicy[] = ['Observe', 'Create', 'Update', 'Delete'];
const KEEP_POLICIES: readonly ManagementPolicy[] = ['Observe', 'Create', 'Update'];

/** The chart of one composite. Objects are named `<composite>-<ids on the way>`, in the composite's namespace. */
export abstract class CompositeChart<Output extends string> extends Chart {
  readonly release: Release;
  readonly context: Context;

  constructor(
    scope: Construct,
    composite: {
      readonly name: string;
      readonly namespace: string;
      readonly release: Release;
      readonly context: Context;
    },
  ) {
    super(scope, composite.name, { namespace: composite.namespace, disableResourceNameHashes: true });
    this.release = composite.release;
    this.context = composite.context;
  }

  /** The composite's chart that the construct stands in. */
  static around(construct: Construct): CompositeChart<string> {
    const chart = Chart.of(construct);
    // cdk8s answers `instanceof` for every chart alike.
    if (!('context' in chart)) throw new Error(`${construct.node.path} must stand in the chart of a composite.`);
    return chart as CompositeChart<string>;
  }

  /** May hold tokens; an output that is not known yet is left out of the status. */
  abstract readonly outputs: Readonly<Record<Output, string>>;

  override generateObjectName(object: ApiObject): string {
    const below = object.node.path.slice(this.node.path.length + 1).split('/');
    return [this.node.id, ...below].join('-');
  }
}

/** Everything that a chart declares, with what the layer fills in: region, provider configuration, policies. */
export function declaredBy(chart: CompositeChart<string>): readonly Declared[] {
  const objects = chart.node.findAll().filter((construct) => ApiObject.isApiObject(construct));
  return objects.map((construct) => {
    const object = construct;
    return {
      id: idOf(object),
      object: withLayerFields(object, chart.context),
      holdsData: object.metadata.getLabel(HOLDS_DATA_LABEL) === 'true',
      moved: movedFrom(object),
      after: dependenciesOf(object),
    };
  });
}

function idOf(object: ApiObject): ResourceId {
  return resourceId(object, object.name);
}

/** cdk8s's own `addDependency`; a dependency on a group of constructs is one on all objects in it. */
function dependenciesOf(object: ApiObject): readonly ResourceId[] {
  const targets = object.node.dependencies.flatMap((target) => target.node.findAll());
  return targets.filter((target) => ApiObject.isApiObject(target)).map((target) => idOf(target));
}

function withLayerFields(construct: ApiObject, context: Context): KubernetesObject {
  const object = construct.toJson() as KubernetesObject;
  if (!ManagedResource.isManagedResource(construct)) return object;
  const identity = context.identities[idOf(construct)];
  const forProvider = (object.spec?.['forProvider'] ?? {}) as JsonObject;
  return {
    ...object,
    metadata: identity === undefined ? object.metadata : withExternalName(object, identity.externalName),
    spec: {
      managementPolicies: identity?.mode === 'adopt' ? ['Observe'] : policiesOf(construct, context),
      providerConfigRef: { kind: 'ProviderConfig', name: context.environment },
      ...object.spec,
      forProvider: {
        ...(construct.managedKind.regional ? { region: context.region } : {}),
        ...forProvider,
      },
    },
  };
}

function withExternalName(object: KubernetesObject, externalName: string): KubernetesObject['metadata'] {
  return {
    ...object.metadata,
    annotations: { ...object.metadata.annotations, [EXTERNAL_NAME_ANNOTATION]: externalName },
  };
}

function policiesOf(resource: ApiObject, context: Context): readonly ManagementPolicy[] {
  const stays = [HOLDS_DATA_LABEL, GUARDS_DATA_LABEL].some((label) => resource.metadata.getLabel(label) === 'true');
  return context.protectData && stays ? KEEP_POLICIES : ALL_POLICIES;
}
