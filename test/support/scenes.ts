/** What happens to a family before its status is read; the same on the embedded control plane and under the real core. */
import type { Fault } from '../../crossplane/embedded/faults.ts';
import type { ResourceId } from '../../crossplane/reference/identity.ts';
import type { JsonObject } from '../../imports/base.ts';

export type Act =
  /** The parent's spec: `values` beside the usual ones, `more` beside `values`. */
  | { readonly do: 'edit'; readonly values?: JsonObject; readonly more?: JsonObject }
  | { readonly do: 'fault'; readonly fault: Fault }
  | { readonly do: 'delete'; readonly resource: ResourceId }
  /** The function of the second release answers from now on. */
  | { readonly do: 'promote' };

export interface Scene {
  readonly title: string;
  /** Whether the family is converged before the first act. */
  readonly converged: boolean;
  readonly acts: readonly Act[];
  /** What is read: what each composite says in the first pass after the acts, or what all say in the end. */
  readonly says: 'at first' | 'at rest';
}

/** Values of the parent, which is called `test`. */
export const SETTINGS = { topics: 'a', tables: 'x', body: 'one', text: 'p' };

const KEY = 'Key.kms.aws.m.upbound.io/test-left-key' as ResourceId;
const TABLE = 'Table.dynamodb.aws.m.upbound.io/test-left-table-x' as ResourceId;
const TOPIC = 'Topic.sns.aws.m.upbound.io/test-right-topic-a' as ResourceId;

export const SCENES: readonly Scene[] = [
  {
    title: 'The first pass of a new environment',
    converged: false,
    acts: [{ do: 'edit' }],
    says: 'at first',
  },
  { title: 'At rest', converged: true, acts: [], says: 'at rest' },
  {
    title: 'A value is not reported any more',
    converged: true,
    acts: [{ do: 'fault', fault: { kind: 'drop', resource: KEY, field: 'arn' } }],
    says: 'at rest',
  },
  {
    title: 'AWS refuses an update',
    converged: true,
    acts: [{ do: 'fault', fault: { kind: 'fail', resource: TABLE } }],
    says: 'at rest',
  },
  {
    title: 'A resource never becomes ready',
    converged: true,
    acts: [{ do: 'fault', fault: { kind: 'never-ready', resource: TABLE } }],
    says: 'at rest',
  },
  {
    title: 'A change is on its way',
    converged: true,
    acts: [{ do: 'edit', values: { text: 'q' } }],
    says: 'at first',
  },
  {
    title: 'A table is declared no longer',
    converged: true,
    acts: [{ do: 'edit', values: { tables: '' } }],
    says: 'at rest',
  },
  {
    title: 'A table may be removed',
    converged: true,
    acts: [{ do: 'edit', values: { tables: '' }, more: { allowRemoval: ['left/Table/test-left-table-x'] } }],
    says: 'at first',
  },
  {
    title: 'A topic is declared no longer, but a policy names it',
    converged: true,
    acts: [{ do: 'edit', values: { topics: '' } }],
    says: 'at first',
  },
  {
    title: 'Somebody deletes a topic, and AWS takes its time',
    converged: true,
    acts: [
      { do: 'fault', fault: { kind: 'freeze', resource: TOPIC } },
      { do: 'delete', resource: TOPIC },
    ],
    says: 'at first',
  },
  {
    title: 'A deployment is replaced',
    converged: true,
    acts: [{ do: 'edit', values: { body: 'two' } }],
    says: 'at first',
  },
  { title: 'The next release renames a policy', converged: true, acts: [{ do: 'promote' }], says: 'at first' },
];
