import type fc from 'fast-check';
import type { AwsResource } from '../../crossplane/embedded/aws.ts';
import type { Json } from '../../imports/base.ts';

/** How a layer's data is told in AWS, and how people edit what keeps it. */
export interface LayerData {
  /** A kind of which an environment has one wherever it is at home. */
  readonly home: string;
  /** Kinds with data or that guard it, and the fields of each that must stay as they are. */
  readonly guarded: Readonly<Record<string, readonly string[]>>;
  /** Whether AWS has the resource for production. */
  readonly isProductions: (resource: AwsResource) => boolean;
  /** Lists whose entries are data themselves: by kind, the list, what tells an entry, and the fields that must stay. */
  readonly entries: Readonly<
    Record<string, { readonly list: string; readonly key: string; readonly fields: readonly string[] }>
  >;
  /** The entry of `allowRemoval` that lets a part go, `$1` being what the form has found. */
  readonly removals: readonly (readonly [form: RegExp, entry: string])[];
  /** Entries of `allowRemoval` that a person may write; not all of them are right. */
  readonly allowRemoval: readonly string[];
  /** Settings and values that a person may write; not all of them are right. */
  readonly settings: readonly (readonly [path: string, values: fc.Arbitrary<Json>])[];
  /** Resources (`<Kind>.<service>/<name>`) and AWS names that a person may record. */
  readonly recorded: {
    readonly resources: readonly string[];
    readonly names: readonly string[];
    /** By resource, the name that says whose it is: production's. */
    readonly productions: Readonly<Record<string, string>>;
  };
}
