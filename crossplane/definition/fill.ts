import type { ApiObject } from 'cdk8s';
import {
  ManagedResource,
  type JsonObject,
  type KubernetesObject,
  type ManagementPolicy,
  type ObjectMetadata,
} from '../../imports/base.ts';
import { resourceId } from '../reference/identity.ts';
import {
  CONFIG_ANNOTATION,
  EXTERNAL_NAME_ANNOTATION,
  GUARDS_DATA_LABEL,
  HOLDS_DATA_LABEL,
  keptName,
  PART_OF_ANNOTATION,
  SOURCE_ANNOTATION,
  WHY_ANNOTATION,
} from '../reference/marks.ts';
import { asObject } from '../schema/json.ts';
import { aboutOf, parentOf } from './about.ts';
import { CompositeChart } from './chart.ts';
import { ChildComposite } from './child.ts';
import { regionIn, type Context } from './context.ts';

/** What may be done to an AWS resource. Never LateInitialize: it writes into specs what git did not say. */
const ALL_POLICIES: readonly ManagementPolicy[] = ['Observe', 'Create', 'Update', 'Delete'];
const KEEP_POLICIES: readonly ManagementPolicy[] = ['Observe', 'Create', 'Update'];

/** All that the spec of a managed resource may say by itself. */
const OF_CHARTS = ['forProvider', 'initProvider'];

/**
 * An object as its chart declares it, with what is not for charts to say: policies, provider configuration, region,
 * common tags and recorded identity of a managed resource, the context of a child composite, and where each of them
 * comes from. Throws a sentence where a chart has said it all the same.
 */
export function filledIn(object: ApiObject): KubernetesObject {
  const json = object.toJson() as KubernetesObject;
  if (ManagedResource.isManagedResource(object)) return filledInManaged(object, json);
  if (ChildComposite.isChildComposite(object)) {
    const { why, config } = object.declaration;
    const context = object.takesContext ? { context: JSON.parse(JSON.stringify(object.context())) as JsonObject } : {};
    return {
      ...json,
      metadata: annotated(json.metadata, originOf(object, why, config)),
      spec: { ...json.spec, ...context },
    };
  }
  return json;
}

function filledInManaged(resource: ManagedResource<object, unknown>, json: KubernetesObject): KubernetesObject {
  const { context } = CompositeChart.of(resource);
  const { declaration, managedKind } = resource;
  refuseLayerFields(resource, json);
  const identity = context.identities[resourceId(resource, resource.name)];
  const name = identity?.externalName ?? declaration.name;
  const tags = tagsOf(resource, context);
  const parent = parentOf(resource);
  return {
    ...json,
    metadata: annotated(json.metadata, {
      ...originOf(resource, declaration.why, declaration.config),
      ...(name === undefined ? {} : { [EXTERNAL_NAME_ANNOTATION]: name }),
      ...(parent === undefined ? {} : { [PART_OF_ANNOTATION]: resourceId(parent, keptName(parent)) }),
    }),
    spec: {
      managementPolicies: identity?.mode === 'adopt' ? ['Observe'] : policiesOf(resource, context),
      providerConfigRef: { kind: 'ProviderConfig', name: context.environment },
      ...json.spec,
      forProvider: {
        ...(managedKind.regional ? { region: regionIn(context, declaration.region ?? 'home') } : {}),
        ...(Object.keys(tags).length === 0 ? {} : { tags }),
        ...asObject(json.spec?.['forProvider']),
      },
    },
  };
}

/** Types forbid it already; this is for what passes by them: a spread, a JSON patch. */
function refuseLayerFields(
  { name, managedKind }: ManagedResource<object, unknown>,
  { spec = {} }: KubernetesObject,
): void {
  const ofLayer = ['region', ...(managedKind.taggable ? ['tags'] : [])];
  const fields = [
    ...Object.keys(spec).filter((field) => !OF_CHARTS.includes(field)),
    ...OF_CHARTS.flatMap((part) =>
      ofLayer.filter((field) => field in asObject(spec[part])).map((field) => `${part}.${field}`),
    ),
  ];
  if (fields.length === 0) return;
  throw new Error(
    `${managedKind.kind} ${name} sets ${fields.map((field) => `spec.${field}`).join(', ')} by itself, which is the layer's alone.`,
  );
}

/** Tags of the environment, of the part of the application, and what the chart adds; the later ones win. */
function tagsOf(resource: ManagedResource<object, unknown>, context: Context): Readonly<Record<string, string>> {
  if (!resource.managedKind.taggable) return {};
  const { component } = aboutOf(resource);
  return { ...context.tags, ...(component === undefined ? {} : { component }), ...resource.declaration.tags };
}

function originOf(object: ApiObject, why: string, config: string | undefined): Readonly<Record<string, string>> {
  const source = CompositeChart.of(object).sourceOf(object);
  const follows = config ?? aboutOf(object).config;
  return {
    [WHY_ANNOTATION]: why,
    ...(source === undefined ? {} : { [SOURCE_ANNOTATION]: source }),
    ...(follows === undefined ? {} : { [CONFIG_ANNOTATION]: follows }),
  };
}

function annotated(metadata: ObjectMetadata, annotations: Readonly<Record<string, string>>): ObjectMetadata {
  return { ...metadata, annotations: { ...metadata.annotations, ...annotations } };
}

function policiesOf(resource: ApiObject, context: Context): readonly ManagementPolicy[] {
  const is = (label: string) => resource.metadata.getLabel(label) === 'true';
  // What a guard guards goes first, and takes it along: deleted by itself, it would leave full buckets open for a while.
  const stays = is(GUARDS_DATA_LABEL) || (context.protectData && is(HOLDS_DATA_LABEL));
  return stays ? KEEP_POLICIES : ALL_POLICIES;
}
