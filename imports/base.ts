import { ApiObject, JsonPatch, type ApiObjectMetadata } from 'cdk8s';
import type { Construct } from 'constructs';

/** Any JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** A kind of the Kubernetes API, `apiVersion` being `<group>/<version>`. */
export interface GroupVersionKind {
  readonly apiVersion: string;
  readonly kind: string;
}

/** A kind that a Crossplane provider keeps in AWS. */
export interface ManagedKind extends GroupVersionKind {
  /** Whether `forProvider` has a `region`; global services (IAM, Route 53, CloudFront) have none. */
  readonly regional: boolean;
}

/** A Kubernetes object as the API server holds it. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMetadata;
  readonly spec?: JsonObject;
  readonly status?: JsonObject;
}

export interface ObjectMetadata {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly generation?: number;
  readonly resourceVersion?: string;
  /** RFC 3339; set once somebody has asked for the object's deletion. */
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly JsonObject[];
  readonly managedFields?: readonly JsonObject[];
}

export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message?: string;
  readonly lastTransitionTime: string;
  /** `metadata.generation` that the condition speaks of. */
  readonly observedGeneration?: number;
}

/** What the type of a resource knows about its status. Phantom: never set at run time. */
declare const statusType: unique symbol;
export interface HasStatus<Status> {
  readonly [statusType]?: Status;
}

export type ManagementPolicy = 'Observe' | 'Create' | 'Update' | 'Delete' | 'LateInitialize' | '*';

interface ReferencePolicy {
  readonly resolution?: 'Required' | 'Optional';
  readonly resolve?: 'Always' | 'IfNotPresent';
}

/** Names the object whose identity the provider writes into the field beside it. */
export interface Reference {
  readonly name: string;
  readonly namespace?: string;
  readonly policy?: ReferencePolicy;
}

/** As `Reference`, but found by labels. */
export interface Selector {
  readonly matchControllerRef?: boolean;
  readonly matchLabels?: { readonly [label: string]: string };
  readonly namespace?: string;
  readonly policy?: ReferencePolicy;
}

/** One key of a Kubernetes secret in the object's own namespace. */
export interface SecretKey {
  readonly name: string;
  readonly key: string;
}

export interface ManagedSpec<ForProvider> {
  readonly forProvider: ForProvider;
  /** For the resource's making only: what changes these fields in AWS later is left alone. */
  readonly initProvider?: Partial<ForProvider>;
  readonly managementPolicies?: readonly ManagementPolicy[];
  readonly providerConfigRef?: { readonly kind: string; readonly name: string };
  readonly writeConnectionSecretToRef?: { readonly name: string };
}

export interface ManagedStatus<AtProvider> {
  readonly atProvider?: AtProvider;
  readonly conditions?: readonly Condition[];
  readonly observedGeneration?: number;
}

export interface ManagedProps<ForProvider> {
  readonly metadata?: ApiObjectMetadata;
  readonly spec: ManagedSpec<ForProvider>;
}

/**
 * An `ApiObject` whose JSON follows from its props alone: cdk8s's own `toJson` reads an environment variable
 * (law 1 forbids it).
 */
export abstract class PureApiObject<Status> extends ApiObject implements HasStatus<Status> {
  declare readonly [statusType]?: Status;
  readonly #spec: object;
  readonly #patches: JsonPatch[] = [];

  constructor(
    scope: Construct,
    id: string,
    gvk: GroupVersionKind,
    props: { readonly metadata?: ApiObjectMetadata; readonly spec: object },
  ) {
    super(scope, id, { apiVersion: gvk.apiVersion, kind: gvk.kind, ...props });
    this.#spec = props.spec;
  }

  override addJsonPatch(...operations: JsonPatch[]): void {
    this.#patches.push(...operations);
  }

  /** The object as JSON, absent (`undefined`) fields left out. */
  override toJson(): KubernetesObject {
    const object: unknown = JSON.parse(
      JSON.stringify({
        apiVersion: this.apiVersion,
        kind: this.kind,
        metadata: this.metadata.toJson() as unknown,
        spec: this.#spec,
      }),
    );
    return (this.#patches.length === 0 ? object : JsonPatch.apply(object, ...this.#patches)) as KubernetesObject;
  }
}

/** A kind of the provider. `regional`: its `forProvider` has a `region`. */
export interface ManagedKind extends GroupVersionKind {
  readonly regional: boolean;
}

/** A resource that a Crossplane provider keeps in AWS. `ForProvider` is what we want, `AtProvider` what AWS says. */
export abstract class ManagedResource<ForProvider extends object, AtProvider> extends PureApiObject<
  ManagedStatus<AtProvider>
> {
  readonly managedKind: ManagedKind;

  constructor(scope: Construct, id: string, kind: ManagedKind, props: ManagedProps<ForProvider>) {
    super(scope, id, { apiVersion: kind.apiVersion, kind: kind.kind }, props);
    this.managedKind = kind;
  }

  /** cdk8s answers `instanceof` for every `ApiObject` alike, so ask here. */
  static isManagedResource(construct: object): construct is ManagedResource<object, unknown> {
    return 'managedKind' in construct;
  }
}
