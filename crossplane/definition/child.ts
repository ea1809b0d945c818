import type { Construct } from 'constructs';
import { PureApiObject, type Condition } from '../../imports/base.ts';
import { holdsData } from '../reference/marks.ts';
import { resourceId } from '../reference/identity.ts';
import { writeToken } from '../reference/token.ts';
import { CompositeChart } from './chart.ts';
import { API_VERSION, type CompositeDefinition } from './definition.ts';
import { compositionName } from './release.ts';

export interface CompositeStatus<Output extends string> {
  readonly outputs?: { readonly [K in Output]?: string };
  readonly conditions?: readonly Condition[];
}

/**
 * A child composite in a parent's chart: Environment → Storage, Storage → ObjectStore.
 * It is pinned to its parent's release. An unknown input is left out; it never withholds the child.
 */
export class ChildComposite<Spec, Input extends string, Output extends string> extends PureApiObject<
  CompositeStatus<Output>
> {
  constructor(
    scope: Construct,
    id: string,
    definition: CompositeDefinition<Spec, Input, Output>,
    props: { readonly spec: NoInfer<Spec>; readonly inputs: { readonly [K in NoInfer<Input>]: string } },
  ) {
    super(
      scope,
      id,
      { apiVersion: API_VERSION, kind: definition.kind },
      {
        spec: {
          ...props.spec,
          ...(Object.keys(props.inputs).length === 0 ? {} : { inputs: props.inputs }),
          crossplane: {
            compositionRef: { name: compositionName(definition.kind, CompositeChart.around(scope).release) },
          },
        },
      },
    );
    if (definition.stateful) holdsData(this);
  }

  /** A token for what the child gives. */
  output(name: Output): string {
    return outputToken(this.kind, this.name, name);
  }
}

/**
 * A token for what a child composite gives that is declared further down: two layers may need each other.
 * @param id the child's construct id, directly in the chart
 */
export function outputOf<Spec, Input extends string, Output extends string>(
  chart: CompositeChart<string>,
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
