import type { IConstruct } from 'constructs';
import { ManagedResource } from '../../imports/base.ts';

/** What a part of a chart has in common with all that stands in it. */
export interface About {
  /** Config path that it follows from. */
  readonly config?: string | undefined;
  /** The part of the application that the bill should show by itself: `table`, `files`. */
  readonly component?: string;
  /** The resource whose settings these are: as long as that is only looked at, none of them is made. */
  readonly partOf?: ManagedResource<object, unknown>;
}

const KEYS = { config: 'owlnest.io/config', component: 'owlnest.io/component', partOf: 'owlnest.io/part-of' };

/** Says so of a part (or of a whole chart) before anything is put into it. A part within it may say otherwise. */
export function about(construct: IConstruct, said: About): void {
  if (said.config !== undefined) construct.node.setContext(KEYS.config, said.config);
  if (said.component !== undefined) construct.node.setContext(KEYS.component, said.component);
  if (said.partOf !== undefined) construct.node.setContext(KEYS.partOf, said.partOf);
}

/** What holds for a construct: of each word what the nearest part around it says. */
export function aboutOf(construct: IConstruct): {
  readonly config: string | undefined;
  readonly component: string | undefined;
  readonly partOf: ManagedResource<object, unknown> | undefined;
} {
  const { node } = construct;
  return {
    config: node.tryGetContext(KEYS.config) as string | undefined,
    component: node.tryGetContext(KEYS.component) as string | undefined,
    partOf: node.tryGetContext(KEYS.partOf) as ManagedResource<object, unknown> | undefined,
  };
}

/** The path of a key below the config path that a construct follows from. */
export function configBelow(construct: IConstruct, key: string): string | undefined {
  const { config } = aboutOf(construct);
  return config === undefined ? undefined : `${config}.${key}`;
}

/** The resource that an object is a part of, by what its chart says of itself or of the part that it stands in. */
export function parentOf(object: IConstruct): ManagedResource<object, unknown> | undefined {
  const said = ManagedResource.isManagedResource(object) ? object.declaration.partOf : undefined;
  return said ?? aboutOf(object).partOf;
}
