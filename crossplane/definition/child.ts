import type { Construct } from 'constructs';
import { PureApiObject, type Condition } from '../../imports/base.ts';
import { holdsData, keptName } from '../reference/marks.ts';
import { resourceId } from '../reference/identity.ts';
import { writeToken } from '../reference/token.ts';
import { CompositeChart, contextOf } from './chart.ts';
import type { Context } from './context.ts';
import { API_VERSION } from './api.ts';
import type { CompositeDefinition } from './definition.ts';
import { placeLabels } from './labels.ts';
import { compositionName } from './release.ts';

export interface CompositeStatus<Output extends string> {
  readonly outputs?: { readonly [K in Output]?: string };
  readonly conditions?: readonly Condition[];
}

/** What a parent says of a child composite. The context is not among it: the layer hands its own down. */
export interface ChildProps<Spec> {
  /** Why it is there, in a sentence without a full stop. */
  readonly why: string;
  /** Config path that it follows from. @default that of the part of the chart that it stands in */
  readonly config?: string | undefined;
  readonly spec: Spec;
}

/** The child's inputs, each with its value; `undefined` for what this one does not need. */
type InputProps<Input extends string> = [Input] extends [never]
  ? { readonly inputs?: never }
  : { readonly inputs: { readonly [K in Input]: string | undefined } };

/**
 * A child composite in a parent's chart: Environment → Storage, Storage → ObjectStore.
 * It is pinned to its parent's release. An unknown input is left out; it never withholds the child.
 */
export class ChildComposite<Spec, Input extends string, Output extends string> extends PureApiObject<
  CompositeStatus<Output>
> {
  readonly declaration: Omit<ChildProps<unknown>, 'spec'>;
  /** Whether the parent hands its context down to it. */
  readonly takesContext: boolean;

  constructor(
    scope: Construct,
    id: string,
    definition: CompositeDefinition<Spec, Input, Output>,
    props: ChildProps<NoInfer<Spec>> & InputProps<NoInfer<Input>>,
  ) {
    const { spec, why, config } = props;
    const { release, context } = CompositeChart.of(scope);
    const inputs = Object.entries(props.inputs ?? {}).filter(([, value]) => value !== undefined);
    super(
      scope,
      id,
      { apiVersion: API_VERSION, kind: definition.kind },
      {
        spec: {
          ...spec,
          ...(inputs.length === 0 ? {} : { inputs: Object.fromEntries(inputs) }),
          crossplane: {
            compositionRef: { name: compositionName(definition.kind, release) },
          },
        },
      },
    );
    this.declaration = { why, config };
    this.takesContext = definition.context === undefined;
    for (const [label, value] of Object.entries(placeLabels(this.name, context.environment, definition.part))) {
      this.metadata.addLabel(label, value);
    }
    if (definition.stateful) holdsData(this);
  }

  /** cdk8s answers `instanceof` for every `ApiObject` alike, so ask here. */
  static isChildComposite(construct: object): construct is ChildComposite<unknown, string, string> {
    return 'takesContext' in construct;
  }

  /** A token for what the child gives. */
  output(name: Output): string {
    return outputToken(this.kind, this.name, name);
  }

  /**
   * The context of the parent, of whose recorded identities only the child's are handed down: those of names that begin
   * with the child's (`keepNamesOfChildren`). So a new record changes those composites alone that it is about.
   */
  context(): Context {
    const context = contextOf(this);
    const name = keptName(this);
    const own = Object.entries(context.identities).filter(([id]) =>
      id.slice(id.indexOf('/') + 1).startsWith(`${name}-`),
    );
    return { ...context, identities: Object.fromEntries(own) };
  }
}

/**
 * A token for what a child composite gives that is declared further down: two layers may need each other.
 * @param id the child's construct id, directly in the chart
 */
export function outputOf<Spec, Input extends string, Output extends string>(
  chart: CompositeChart,
  id: string,
  definition: CompositeDefinition<Spec, Input, Output>,
  name: NoInfer<Output>,
): string {
  return outputToken(definition.kind, `${chart.node.id}-${id}`, name);
}

function outputToken(kind: string, name: string, output: string): string {
  const resource = resourceId({ apiVersion: API_VERSION, kind }, name);
  return writeToken({ type: 'observed', resource, path: [{ key: 'outputs' }, { key: output }] });
}
