import type { Json } from '../../imports/base.ts';

/** The part of JSON Schema that Kubernetes calls structural, with its own extensions. */
export interface StructuralSchema {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  readonly description?: string;
  readonly format?: string;
  readonly properties?: { readonly [name: string]: StructuralSchema };
  readonly required?: readonly string[];
  readonly additionalProperties?: StructuralSchema | true;
  readonly items?: StructuralSchema;
  readonly enum?: readonly Json[];
  readonly default?: Json;
  readonly nullable?: boolean;
  /** A regular expression in the syntax that RE2 and JavaScript share; not anchored. */
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map';
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-map-type'?: 'granular' | 'atomic';
  /** Written into CRDs; not evaluated by `checkStructure` (see `cel.ts`). */
  readonly 'x-kubernetes-validations'?: readonly {
    readonly rule: string;
    readonly message?: string;
    readonly fieldPath?: string;
  }[];
}
