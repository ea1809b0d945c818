import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { createComposer } from '../../crossplane/compose/compose.ts';
import type { Composer } from '../../crossplane/compose/types.ts';
import type { CompositeChart } from '../../crossplane/definition/chart.ts';
import type { Context } from '../../crossplane/definition/context.ts';
import {
  defineComposite,
  type Composite,
  type CompositeDefinition,
  type CompositeKind,
} from '../../crossplane/definition/definition.ts';
import { API_VERSION } from '../../crossplane/definition/api.ts';
import { compositeKindSchema } from '../../crossplane/definition/xrd.ts';
import { EmbeddedControlPlane } from '../../crossplane/embedded/control-plane.ts';
import { standInProvider, type StandInProvider } from '../../crossplane/embedded/provider.ts';
import { parseLockIndex, schemaRegistry, type SchemaRegistry } from '../../crossplane/schema/registry.ts';
import type { JsonObject, KubernetesObject } from '../../imports/base.ts';
import { releaseOf } from './release.ts';

export const ACCOUNT = '123456789012';
export const NAMESPACE = 'owlnest-test';

const readLock = (name: string): string =>
  readFileSync(new URL(`../../imports/lock/${name}.json`, import.meta.url), 'utf8');

/** The real schemas of the provider's kinds, and those of these composite kinds. */
export function schemasOf(kinds: readonly CompositeKind[]): SchemaRegistry {
  return schemaRegistry(readLock, parseLockIndex(readLock('index')), kinds.map(compositeKindSchema));
}

export interface World {
  readonly plane: EmbeddedControlPlane;
  readonly schemas: SchemaRegistry;
  readonly composer: Composer;
  readonly provider: StandInProvider;
}

/** A control plane for these kinds, over real schemas. */
export function worldOf(kinds: readonly CompositeKind[], version = '1.0.0'): World {
  const schemas = schemasOf(kinds);
  const composer = createComposer(kinds, schemas, releaseOf(version));
  const provider = standInProvider(ACCOUNT, schemas);
  return { plane: new EmbeddedControlPlane(composer, schemas, provider), schemas, composer, provider };
}

export const baseContext: Context = {
  environment: 'test',
  tier: 'development',
  account: ACCOUNT,
  region: 'eu-west-1',
  replicaRegion: 'eu-west-3',
  domainName: 'test.example',
  tags: {},
  protectData: true,
  allowRemoval: [],
  identities: {},
};

/** A spec for tests: any JSON under `values`, and what the laws ask for. */
export const testSpec = z.object({
  values: z.record(z.string(), z.string()).optional(),
  protectData: z.boolean().optional(),
  allowRemoval: z.array(z.string()).optional(),
  identities: z.record(z.string(), z.object({ externalName: z.string(), mode: z.enum(['adopt', 'owned']) })).optional(),
});
export type TestSpec = z.infer<typeof testSpec>;

/** The chart of a test: a function that declares into it and returns its outputs. */
export type Declare<Input extends string, Output extends string> = (
  chart: CompositeChart,
  composite: Composite<TestSpec, Input>,
) => Readonly<Record<NoInfer<Output>, string>>;

/** A composite kind whose chart is the given function. */
export function testKind<const Input extends string = never, const Output extends string = never>(
  kind: string,
  declare: Declare<Input, Output>,
  more: { readonly inputs?: readonly Input[]; readonly outputs?: readonly Output[]; readonly stateful?: boolean } = {},
): CompositeDefinition<TestSpec, Input, Output> & CompositeKind {
  return defineComposite<TestSpec, Input, Output>({
    kind,
    plural: `${kind.toLowerCase()}s`,
    shortNames: [],
    description: 'A kind for tests.',
    schema: testSpec,
    ...(more.inputs && { inputs: sentences(more.inputs) }),
    ...(more.outputs && { outputs: sentences(more.outputs) }),
    stateful: more.stateful ?? false,
    context: (spec) => ({
      ...baseContext,
      protectData: spec.protectData ?? true,
      allowRemoval: spec.allowRemoval ?? [],
      identities: spec.identities ?? {},
    }),
    chart: declare,
  });
}

function sentences<Name extends string>(names: readonly Name[]): Readonly<Record<Name, string>> {
  return Object.fromEntries(names.map((name) => [name, `The ${name}.`])) as Record<Name, string>;
}

/** A composite object of a test kind, named `test`. */
export function compositeObject(kind: CompositeKind, spec: JsonObject = {}, name = 'test'): KubernetesObject {
  return { apiVersion: API_VERSION, kind: kind.kind, metadata: { name, namespace: NAMESPACE }, spec };
}

/** Objects by `<Kind>/<name>`. */
export function byName(objects: readonly KubernetesObject[]): Readonly<Record<string, KubernetesObject>> {
  return Object.fromEntries(objects.map((object) => [`${object.kind}/${object.metadata.name}`, object]));
}
