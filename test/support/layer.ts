import type { z } from 'zod';
import { openToolchain } from '../../cli/toolchain.ts';
import type { Context } from '../../crossplane/definition/context.ts';
import { API_VERSION } from '../../crossplane/definition/api.ts';
import type { CompositeKind } from '../../crossplane/definition/definition.ts';
import { compositionName } from '../../crossplane/definition/release.ts';
import { EmbeddedControlPlane } from '../../crossplane/embedded/control-plane.ts';
import { findingsOf, type Finding } from '../../crossplane/embedded/findings.ts';
import type { AwsResource } from '../../crossplane/embedded/aws.ts';
import { standInProvider } from '../../crossplane/embedded/provider.ts';
import { asObject } from '../../crossplane/schema/json.ts';
import type { JsonObject, KubernetesObject } from '../../imports/base.ts';
import type { Rendered } from '../../policy/rule.ts';

export const ACCOUNT = '123456789012';
export const HERE = 'ap-northeast-1';
export const THERE = 'ap-northeast-3';

export const toolchain = openToolchain();

/** Production's context, as the Environment stamps it into every layer. */
const PRODUCTION: Context = {
  environment: 'production',
  tier: 'production',
  account: ACCOUNT,
  region: HERE,
  replicaRegion: THERE,
  domainName: 'owlnest.example',
  tags: { costCenter: 'community', application: 'owlnest', environment: 'production' },
  protectData: true,
  allowRemoval: [],
  identities: {},
};

/** A layer as a test sees it: its kind, the section of the config that it is told, and what its parent gives. */
export interface TestedLayer<Section extends z.ZodType<object>> {
  readonly kind: CompositeKind;
  readonly section: Section;
  /** Values for the layer's inputs; a layer without any takes none. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** A section with everything switched on. */
  readonly everything: z.input<Section>;
}

/** A layer on a control plane of its own, over an AWS that may have something already. */
export class LayerWorld<Section extends z.ZodType<object>> {
  readonly #layer: TestedLayer<Section>;
  readonly #provider;
  readonly plane: EmbeddedControlPlane;
  /** Of what was applied last. */
  #context = PRODUCTION;

  constructor(layer: TestedLayer<Section>, existing: readonly KubernetesObject[] = []) {
    this.#layer = layer;
    this.#provider = standInProvider(ACCOUNT, toolchain.schemas, undefined, existing);
    this.plane = new EmbeddedControlPlane(toolchain.composer, toolchain.schemas, this.#provider);
  }

  /** Applies the layer and lets it come to rest; gives what is still wrong. */
  apply(section?: z.input<Section>, more: Partial<Context> = {}): readonly Finding[] {
    this.#context = { ...PRODUCTION, ...more };
    const refused = this.plane.apply(compositeOf(this.#layer, this.#context, section));
    if (refused.length > 0) throw new Error(refused.map(({ message }) => message).join('\n'));
    return findingsOf(this.plane.converge(), toolchain.schemas);
  }

  /** What AWS has of a kind. */
  inAws(kind: string): readonly AwsResource[] {
    return [...this.#provider.aws.values()].filter((resource) => resource.kind === kind);
  }

  /** Kinds of all that AWS has made, in order. */
  get created(): readonly string[] {
    return this.#provider.creations.map(({ kind }) => kind);
  }

  /** The objects of a kind. */
  all(kind: string): readonly KubernetesObject[] {
    return this.plane.apiServer.list().filter((object) => object.kind === kind);
  }

  /** The one object of this kind with this name, without environment and layer; throws when it is not there. */
  one(kind: string, name: string): KubernetesObject {
    const whole = `${this.#context.environment}-${this.#layer.kind.kind.toLowerCase()}-${name}`;
    const [found, ...others] = this.all(kind).filter(({ metadata }) => metadata.name === whole);
    if (found === undefined || others.length > 0) {
      const names = this.all(kind).map(({ metadata }) => metadata.name);
      throw new Error(`There is no one ${kind} ${whole}, but ${names.join(', ')}.`);
    }
    return found;
  }

  /** What a rule of `policy/` sees of it. */
  get rendered(): Rendered {
    const { environment, account, protectData } = this.#context;
    const resources = this.plane.apiServer
      .list()
      .filter((object) => toolchain.schemas.find(object)?.provider !== undefined);
    return { resources, environment, account, protectsData: protectData, schemas: toolchain.schemas };
  }
}

/** The layer at rest; throws when anything is wrong with it. */
export function layerAtRest<Section extends z.ZodType<object>>(
  layer: TestedLayer<Section>,
  section?: z.input<Section>,
  more?: Partial<Context>,
): LayerWorld<Section> {
  const world = new LayerWorld(layer);
  const findings = world.apply(section, more);
  if (findings.length > 0) throw new Error(findings.map(({ message }) => message).join('\n'));
  return world;
}

/** The composite of the layer, named as the Environment names it. */
function compositeOf<Section extends z.ZodType<object>>(
  { kind, section: schema, inputs }: TestedLayer<Section>,
  context: Context,
  section?: z.input<Section>,
): KubernetesObject {
  const spec = {
    ...schema.parse(section ?? {}),
    context,
    ...(inputs === undefined ? {} : { inputs }),
    crossplane: { compositionRef: { name: compositionName(kind.kind, toolchain.release) } },
  };
  return {
    apiVersion: API_VERSION,
    kind: kind.kind,
    metadata: {
      name: `${context.environment}-${kind.kind.toLowerCase()}`,
      namespace: `owlnest-${context.environment}`,
    },
    spec: JSON.parse(JSON.stringify(spec)) as JsonObject,
  };
}

export function forProvider(object: KubernetesObject): JsonObject {
  return asObject(object.spec?.['forProvider']);
}

/** A statement of a policy document, in AWS's own words. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Principal?: '*' | Readonly<Record<string, string>>;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** Statements of a policy document that an object holds as text. */
export function statements(object: KubernetesObject, field = 'policy'): readonly Statement[] {
  const document = JSON.parse(String(forProvider(object)[field])) as { readonly Statement: readonly Statement[] };
  return document.Statement;
}

/** Actions of a statement as a list. */
export function actionsOf({ Action }: Statement): readonly string[] {
  return typeof Action === 'string' ? [Action] : Action;
}
