import { Chart, type ApiObject } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import type { EnvironmentRegion, ManagedResource } from '../../imports/base.ts';
import { resourceId } from '../reference/identity.ts';
import { regionIn, type Context } from './context.ts';
import { placeLabels } from './labels.ts';
import type { Release } from './release.ts';

/** Where the files are that declare what is in a chart. */
export interface ChartFiles {
  /** Path in the checkout of the file of the chart itself. */
  readonly chart: string;
  /** Paths by the class of each part: `charts/sources.ts`. */
  readonly parts: ReadonlyMap<object, string>;
}

/** The chart of one composite. Objects are named `<composite>-<ids on the way>`, in the composite's namespace. */
export class CompositeChart extends Chart {
  readonly release: Release;
  readonly context: Context;
  readonly #files: ChartFiles | undefined;

  constructor(
    scope: Construct,
    composite: {
      readonly name: string;
      readonly namespace: string;
      readonly release: Release;
      readonly context: Context;
      /** What one of the kind is to its layer, as its definition says. */
      readonly part?: string | undefined;
      /** Without them no object says where it comes from. */
      readonly files?: ChartFiles | undefined;
    },
  ) {
    const { name, namespace, context, part } = composite;
    const labels = placeLabels(name, context.environment, part);
    super(scope, name, { namespace, labels, disableResourceNameHashes: true });
    this.release = composite.release;
    this.context = context;
    this.#files = composite.files;
  }

  /** The composite's chart that the construct stands in. */
  static override of(construct: IConstruct): CompositeChart {
    const chart = Chart.of(construct);
    // cdk8s answers `instanceof` for every chart alike.
    if (!('context' in chart)) throw new Error(`${construct.node.path} must stand in the chart of a composite.`);
    return chart as CompositeChart;
  }

  override generateObjectName(object: ApiObject): string {
    const below = object.node.path.slice(this.node.path.length + 1).split('/');
    return [this.node.id, ...below].join('-');
  }

  /** The file that declares an object of this chart: its own, that of the part which it stands in, or the chart's. */
  sourceOf(object: ApiObject): string | undefined {
    const part = object.node.scope;
    if (this.#files === undefined || part === undefined) return undefined;
    const { chart, parts } = this.#files;
    const file = parts.get(object.constructor) ?? (part === this ? chart : parts.get(part.constructor));
    if (file === undefined)
      throw new Error(`no file is known of the part ${part.node.path}; run \`npm run generate\`.`);
    return file;
  }
}

/** The context of the composite in whose chart the construct stands. */
export function contextOf(construct: IConstruct): Context {
  return CompositeChart.of(construct).context;
}

/** The AWS region, such as `eu-north-1`, that one of the environment's regions is; throws where it has none. */
export function regionOf(construct: IConstruct, region: EnvironmentRegion): string {
  return regionIn(contextOf(construct), region);
}

/** Whether the resource is another's that is only looked at, so that nothing which is part of it is made. */
export function isOnlyObserved(resource: ManagedResource<object, unknown>): boolean {
  return contextOf(resource).identities[resourceId(resource, resource.name)]?.mode === 'adopt';
}

/** The AWS name of a resource: the one recorded in git, of what was adopted, or else the one that its chart chose. */
export function nameInAws(resource: ManagedResource<object, unknown>): string {
  const recorded = contextOf(resource).identities[resourceId(resource, resource.name)]?.externalName;
  const name = recorded ?? resource.declaration.name;
  if (name === undefined) throw new Error(`AWS makes up the name of ${resource.name}: take it by observed().`);
  return name;
}
