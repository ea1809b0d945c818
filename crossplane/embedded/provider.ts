import type { GroupVersionKind, JsonObject, KubernetesObject } from '../../imports/base.ts';
import { EXTERNAL_NAME_ANNOTATION } from '../reference/marks.ts';
import { asObject } from '../schema/json.ts';
import type { SchemaRegistry } from '../schema/registry.ts';
import { shapeOf } from './shapes/index.ts';
import { madeUp, shapeInput, type Shape } from './shapes/shape.ts';

/** A resource as AWS has it, whether Kubernetes still knows it or not. */
export interface AwsResource {
  readonly kind: string;
  readonly externalName: string;
  /** Of the last update that was allowed. */
  readonly forProvider: JsonObject;
}

export interface ProviderAnswer {
  readonly externalName: string;
  readonly atProvider: JsonObject;
}

/** Stands in for the provider and for AWS behind it: answers as AWS would, and remembers what it made. */
export interface StandInProvider {
  /** Makes or updates the resource as the policies of the object allow; says what its status becomes. */
  reconcile(object: KubernetesObject): ProviderAnswer;
  /** The object is being deleted: the resource goes with it, where the policies say so. */
  remove(object: KubernetesObject): void;
  /** By kind, region and external name. */
  readonly aws: ReadonlyMap<string, AwsResource>;
}

/**
 * A provider for one AWS account (12 digits). Which names AWS makes up is a fact of the schema lock.
 * @param findShape how AWS answers for a kind
 */
export function standInProvider(
  account: string,
  schemas: SchemaRegistry,
  findShape: (gvk: GroupVersionKind) => Shape | undefined = shapeOf,
): StandInProvider {
  const aws = new Map<string, AwsResource>();
  const made = new Map<string, number>();

  function nameOf(object: KubernetesObject): string {
    const given = object.metadata.annotations?.[EXTERNAL_NAME_ANNOTATION];
    if (given !== undefined && given !== '') return given;
    const make = findShape(object)?.externalName;
    if (make === undefined && schemas.find(object)?.provider?.externalName !== 'generated') return object.metadata.name;
    // A second resource under the same object name is another resource.
    const seed = `${object.kind}.${object.apiVersion}/${object.metadata.name}`;
    const turn = (made.get(seed) ?? 0) + 1;
    made.set(seed, turn);
    const invented = madeUp(`${account} ${seed} ${turn}`);
    return make?.(invented, asObject(object.spec?.['forProvider'])) ?? invented.hex(20);
  }

  return {
    aws,
    reconcile(object) {
      const externalName = nameOf(object);
      const named = {
        ...object,
        metadata: {
          ...object.metadata,
          annotations: { ...object.metadata.annotations, [EXTERNAL_NAME_ANNOTATION]: externalName },
        },
      };
      const key = awsKey(named);
      const policies = policiesOf(object);
      const action = aws.has(key) ? 'Update' : 'Create';
      if (policies.includes('*') || policies.includes(action)) {
        const forProvider = (object.spec?.['forProvider'] ?? {}) as JsonObject;
        aws.set(key, { kind: object.kind, externalName, forProvider });
      }
      return { externalName, atProvider: findShape(object)?.atProvider(shapeInput(named, account)) ?? {} };
    },
    remove(object) {
      const policies = policiesOf(object);
      if (policies.includes('*') || policies.includes('Delete')) aws.delete(awsKey(object));
    },
  };
}

function awsKey(object: KubernetesObject): string {
  const forProvider = object.spec?.['forProvider'] as JsonObject | undefined;
  const name = object.metadata.annotations?.[EXTERNAL_NAME_ANNOTATION] ?? '';
  return [object.apiVersion, object.kind, String(forProvider?.['region'] ?? ''), name].join('|');
}

function policiesOf(object: KubernetesObject): readonly unknown[] {
  const policies = object.spec?.['managementPolicies'];
  return Array.isArray(policies) ? policies : ['*'];
}
