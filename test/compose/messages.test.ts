/** Every sentence that people read in a status, in `test/golden/messages.md`; a person reviews a change of it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import type { ComposeResult } from '../../crossplane/compose/types.ts';
import { keyOf } from '../../crossplane/embedded/api-server.ts';
import type { ResourceId } from '../../crossplane/reference/identity.ts';
import { SCENES, SETTINGS, type Act, type Scene } from '../support/scenes.ts';
import { family } from '../support/family.ts';
import { byName, compositeObject, worldOf, type World } from '../support/world.ts';

const GOLDEN = new URL('../golden/messages.md', import.meta.url);

function named(plane: World['plane'], id: ResourceId) {
  const [kind = '', name = ''] = id.split('/');
  const object = byName(plane.apiServer.list())[`${kind.split('.')[0] ?? ''}/${name}`];
  if (object === undefined) throw new Error(`no ${id}`);
  return keyOf(object);
}

function perform({ plane }: World, act: Act): void {
  if (act.do === 'edit') {
    plane.apply(compositeObject(family(1)[0], { values: { ...SETTINGS, ...act.values }, ...act.more }));
  }
  if (act.do === 'fault') plane.inject([act.fault]);
  if (act.do === 'delete') plane.remove(named(plane, act.resource));
  if (act.do === 'promote') plane.use(worldOf(family(2), '2.0.0').composer);
}

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

function play({ title, converged, acts, says }: Scene): string {
  const world = worldOf(family(1), '1.0.0');
  if (converged) {
    perform(world, { do: 'edit' });
    world.plane.converge();
  }
  for (const act of acts) perform(world, act);
  const { composites } = world.plane.converge(says === 'at first' ? { passes: 1 } : undefined);
  return [`## ${title}`, '', ...[...composites].flatMap(([id, result]) => sentences(id, result)), ''].join('\n');
}

it('says what people have reviewed', () => {
  const text = ['# What a status says', '', ...SCENES.map(play)].join('\n');
  if (process.env['OWLNEST_GOLDEN'] === 'write') writeFileSync(GOLDEN, text);
  expect(text).toBe(readFileSync(GOLDEN, 'utf8'));
});
