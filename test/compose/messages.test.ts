/** Every sentence that people read in a status, in `test/golden/messages.md`; a person reviews a change of it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import type { ComposeResult } from '../../crossplane/compose/types.ts';
import { keyOf } from '../../crossplane/embedded/store.ts';
import type { ResourceId } from '../../crossplane/reference/identity.ts';
import type { JsonObject } from '../../imports/base.ts';
import { village } from '../support/village.ts';
import { byName, compositeObject, worldOf, type World } from '../support/world.ts';

const GOLDEN = new URL('../golden/messages.md', import.meta.url);
const KEY = 'Key.kms.aws.m.upbound.io/test-left-key' as ResourceId;
const TABLE = 'Table.dynamodb.aws.m.upbound.io/test-left-table-x' as ResourceId;
const TOPIC = 'Topic.sns.aws.m.upbound.io/test-right-topic-a' as ResourceId;
const settings = { topics: 'a', tables: 'x', body: 'one', text: 'p' };

interface Scene {
  readonly title: string;
  /** Whether the village is converged before. */
  readonly converged: boolean;
  readonly act: (world: World) => void;
  /** Passes after the act; all until rest unless said. */
  readonly passes?: number;
}

function edit(world: World, values: Partial<typeof settings>, more: JsonObject = {}): void {
  world.plane.apply(compositeObject(village(1)[0], { values: { ...settings, ...values }, ...more }));
}

function named(world: World, id: ResourceId) {
  const [kind = '', name = ''] = id.split('/');
  const object = byName(world.plane.store.list())[`${kind.split('.')[0] ?? ''}/${name}`];
  if (object === undefined) throw new Error(`no ${id}`);
  return keyOf(object);
}

const scenes: readonly Scene[] = [
  { title: 'The first pass of a new environment', converged: false, act: (world) => edit(world, {}), passes: 1 },
  { title: 'At rest', converged: true, act: () => undefined },
  {
    title: 'A value is not reported any more',
    converged: true,
    act: ({ plane }) => plane.inject([{ kind: 'drop', resource: KEY, field: 'arn' }]),
  },
  {
    title: 'AWS refuses an update',
    converged: true,
    act: ({ plane }) => plane.inject([{ kind: 'fail', resource: TABLE }]),
  },
  {
    title: 'A resource never becomes ready',
    converged: true,
    act: ({ plane }) => plane.inject([{ kind: 'never-ready', resource: TABLE }]),
  },
  { title: 'A change is on its way', converged: true, act: (world) => edit(world, { text: 'q' }), passes: 1 },
  { title: 'A table is declared no longer', converged: true, act: (world) => edit(world, { tables: '' }) },
  {
    title: 'A table may be removed',
    converged: true,
    act: (world) => edit(world, { tables: '' }, { allowRemoval: ['left/Table/test-left-table-x'] }),
    passes: 1,
  },
  {
    title: 'A topic is declared no longer, but a policy names it',
    converged: true,
    act: (world) => edit(world, { topics: '' }),
    passes: 1,
  },
  {
    title: 'Somebody deletes a topic, and AWS takes its time',
    converged: true,
    act: (world) => {
      world.plane.inject([{ kind: 'freeze', resource: TOPIC }]);
      world.plane.remove(named(world, TOPIC));
    },
    passes: 1,
  },
  { title: 'A deployment is replaced', converged: true, act: (world) => edit(world, { body: 'two' }), passes: 1 },
  {
    title: 'The next release renames a policy',
    converged: true,
    act: ({ plane }) => plane.use(worldOf(village(2), '2.0.0').composer),
    passes: 1,
  },
];

function sentences(id: ResourceId, result: ComposeResult): readonly string[] {
  if (result.outcome === 'refused') return result.violations.map(({ message }) => `- ${id}: refused: ${message}`);
  const { converged, waiting, held, invalid } = result.status;
  return [
    `- **${id}**: ${converged.message}`,
    ...waiting.map(({ message }) => `  - waiting: ${message}`),
    ...held.map(({ reason, message }) => `  - held (${reason}): ${message}`),
    ...invalid.map(({ message }) => `  - invalid: ${message}`),
  ];
}

function play({ title, converged, act, passes }: Scene): string {
  const world = worldOf(village(1), '1.0.0');
  if (converged) {
    edit(world, {});
    world.plane.converge();
  }
  act(world);
  const { composites } = world.plane.converge(passes === undefined ? undefined : { passes });
  return [`## ${title}`, '', ...[...composites].flatMap(([id, result]) => sentences(id, result)), ''].join('\n');
}

it('says what people have reviewed', () => {
  const text = ['# What a status says', '', ...scenes.map(play)].join('\n');
  if (process.env['OWLNEST_GOLDEN'] === 'write') writeFileSync(GOLDEN, text);
  expect(text).toBe(readFileSync(GOLDEN, 'utf8'));
});
