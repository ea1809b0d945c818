import { asObject } from '../crossplane/schema/json.ts';
import type { GroupVersionKind, JsonObject, KubernetesObject } from '../imports/base.ts';
import type { PriceName } from './prices.ts';
import type { Shape } from './shape.ts';

/** What is known of a kind of the provider beside its schema: by the provider's docs, AWS's docs and price lists. */
export interface KindFacts {
  /** What its status looks like once it is ready. @default its id, and its ARN where the kind has one (`shape.ts`) */
  readonly shape?: Shape;
  /** AWS's own words when it refuses to delete a resource as things are. @default it deletes it at any time */
  readonly refusesDeletion?: (resource: Existing, around: Surroundings) => string | undefined;
  /**
   * The field by which resources of the same service name this one as what they are parts of: AWS deletes them with it.
   * @default nothing goes with it
   */
  readonly partsNameItBy?: string;
  /** What AWS charges for its existing, used or not. */
  readonly charges: 'nothing' | ((object: KubernetesObject) => readonly Charge[]);
}

/** A resource that AWS has. */
export interface Existing extends GroupVersionKind {
  readonly externalName: string;
  readonly forProvider: JsonObject;
}

/** What AWS looks at when it is asked to delete a resource. */
export interface Surroundings {
  readonly others: readonly Existing[];
  /** Names of buckets that objects were put into. */
  readonly filled: ReadonlySet<string>;
}

/** So many units of something that has a price. */
export interface Charge {
  readonly price: PriceName;
  readonly units: number;
  readonly region: string;
}

/** The facts of a service, by kind. */
export type ServiceFacts = Readonly<Record<string, KindFacts>>;

/** `forProvider.region` of an object; empty for what has none. */
export function regionOf({ spec }: KubernetesObject): string {
  const { region } = asObject(spec?.['forProvider']);
  return typeof region === 'string' ? region : '';
}
