import { ApiObject, JsonPatch, type ApiObjectMetadata } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';

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
  /** Whether `forProvider` takes `tags`. */
  readonly taggable: boolean;
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

export interface ManagedStatus<AtProvider> {
  readonly atProvider?: AtProvider;
  readonly conditions?: readonly Condition[];
  readonly observedGeneration?: number;
}

/**
 * What a chart says of a resource. Management policies, provider configuration, region and common tags are not among it:
 * the layer fills them in (`crossplane/definition/`).
 */
export interface ManagedProps<ForProvider> {
  /** Why it is there, in a sentence without a full stop: people read it in the reference and on the object. */
  readonly why: string;
  /** The name that AWS knows it by, where its service takes one. @default AWS makes one up, or it follows from the spec */
  readonly name?: string;
  /** Config path that it follows from. @default that of the part of the chart that it stands in */
  readonly config?: string | undefined;
  /** What must be ready before it is created, beside what it takes values of. @default nothing */
  readonly after?: readonly IConstruct[];
  /** The resource that this one is a setting of: as long as that is only looked at, this is not made. @default none */
  readonly partOf?: ManagedResource<object, unknown>;
  readonly forProvider: ForProvider;
  /** For the resource's making only: what changes these fields in AWS later is left alone. */
  readonly initProvider?: Partial<ForProvider>;
}

/** Of a kind whose AWS name is chosen by whoever makes it. */
export interface NamedProps<ForProvider> extends ManagedProps<ForProvider> {
  readonly name: string;
}

/** The regions of an environment: its own, and that of its replicas. */
export type EnvironmentRegion = 'home' | 'replica';

/** Of a kind that lives in a region. */
export interface RegionalProps {
  /** @default 'home' */
  readonly region?: EnvironmentRegion;
}

/** Of a kind that takes tags. */
export interface TaggedProps {
  /** Tags beside those that all resources of the environment carry. @default none */
  readonly tags?: Readonly<Record<string, string>>;
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

/** A resource that a Crossplane provider keeps in AWS. `ForProvider` is what we want, `AtProvider` what AWS says. */
export abstract class ManagedResource<ForProvider extends object, AtProvider> extends PureApiObject<
  ManagedStatus<AtProvider>
> {
  readonly managedKind: ManagedKind;
  /** All that the chart said but `forProvider` and `initProvider`, which are in the object's JSON. */
  readonly declaration: Omit<ManagedProps<unknown>, 'forProvider' | 'initProvider'> & RegionalProps & TaggedProps;

  constructor(
    scope: Construct,
    id: string,
    kind: ManagedKind,
    props: ManagedProps<ForProvider> & RegionalProps & TaggedProps,
  ) {
    const { forProvider, initProvider, ...declaration } = props;
    super(scope, id, kind, { spec: { forProvider, initProvider } });
    this.managedKind = kind;
    this.declaration = declaration;
    this.node.addDependency(...(declaration.after ?? []));
  }

  /** cdk8s answers `instanceof` for every `ApiObject` alike, so ask here. */
  static isManagedResource(construct: object): construct is ManagedResource<object, unknown> {
    return 'managedKind' in construct;
  }
}
