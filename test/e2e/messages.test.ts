/**
 * What people read under the real core: the sentences of `test/golden/messages.md`, which the embedded control plane
 * says, and what core adds to them, in `test/golden/messages-of-core.md`. A person reviews a change of either.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { API_VERSION } from '../../crossplane/definition/api.ts';
import { groupOf, resourceId } from '../../crossplane/reference/identity.ts';
import { isList, isObject } from '../../crossplane/schema/json.ts';
import type { KubernetesObject } from '../../imports/base.ts';
import { SCENES, SETTINGS, type Act, type Scene } from '../support/scenes.ts';
import { condition } from './harness/client.ts';
import { endToEnd, type Stage } from './harness/suite.ts';
import { until } from './harness/until.ts';
import { accountsOf, parentIn, spineWorldOf, familyCrds } from './spine-world.ts';
import { becomesReady, pause } from './family.ts';

const OURS = new URL('../golden/messages.md', import.meta.url);
const CORES = new URL('../golden/messages-of-core.md', import.meta.url);
const KINDS = ['Parent', 'Left', 'Right'];
/** The stand-in provider's words here, and those on the embedded control plane. */
const REFUSED = ['update failed: async update failed: refused by AWS', 'AWS refused the request'] as const;

const { releases, families } = spineWorldOf('messages');
const suite = endToEnd({
  crds: familyCrds(),
  functions: { [families[1].name]: families[1].composer, [families[2].name]: families[2].composer },
  objects: [...families[1].objects, ...families[2].objects],
  // One for each scene: the names that it makes up are those of the golden file.
  aws: accountsOf(),
});

/** What the golden file has for a scene: the lines of each composite, under its name. */
function goldenOf({ title }: Scene): ReadonlyMap<string, string> {
  const section =
    readFileSync(OURS, 'utf8')
      .split('\n## ')
      .find((part) => part.startsWith(`${title}\n`)) ?? '';
  const blocks = section.split(/\n(?=- \*\*)/).slice(1);
  return new Map(blocks.map((block) => [/\*\*(.+?)\*\*/.exec(block)?.[1] ?? '', block.trim()]));
}

/** A composite as the golden file shows it. */
function blockOf(object: KubernetesObject): string {
  const entries = (name: string) => {
    const list = object.status?.[name];
    return isList(list) ? list.filter(isObject) : [];
  };
  const lines = [
    `- **${resourceId(object, object.metadata.name)}**: ${condition(object, 'Converged')?.message ?? ''}`,
    ...entries('waiting').map(({ message }) => `  - waiting: ${String(message)}`),
    ...entries('held').map(({ reason, message }) => `  - held (${String(reason)}): ${String(message)}`),
    ...entries('invalid').map(({ message }) => `  - invalid: ${String(message)}`),
  ];
  return lines.join('\n').replaceAll(...REFUSED);
}

async function perform({ plane, provider, namespace }: Stage, act: Act): Promise<void> {
  const parent = (release: 1 | 2, more = {}, values = {}) =>
    parentIn(namespace, 'test', releases[release], { ...more, values: { ...SETTINGS, ...values } });
  if (act.do === 'edit') await plane.client.apply(parent(1, act.more, act.values));
  if (act.do === 'promote') await plane.client.apply(parent(2));
  if (act.do === 'fault') provider.inject([act.fault]);
  if (act.do === 'delete') {
    const [type = '', name = ''] = act.resource.split('/');
    const gvk = provider.kinds.find(({ apiVersion, kind }) => `${kind}.${groupOf(apiVersion)}` === type);
    if (gvk !== undefined) await plane.client.delete({ ...gvk, metadata: { name, namespace } });
  }
}

/** All that the composites of the namespace have said, by their names, in order; the last is what they say now. */
function listen({ plane, namespace }: Stage, signal: AbortSignal): ReadonlyMap<string, KubernetesObject[]> {
  const heard = new Map<string, KubernetesObject[]>();
  for (const kind of KINDS) {
    const gvk = { apiVersion: API_VERSION, kind };
    void plane.client.watch(
      gvk,
      (_, object) => {
        if (object.metadata.namespace !== namespace) return;
        const id = resourceId(object, object.metadata.name);
        heard.set(id, [...(heard.get(id) ?? []), object]);
      },
      signal,
    );
  }
  return heard;
}

/** Waits until nobody has said anything for a second: core writes its own conditions after the rest of a status. */
async function fallsSilent(heard: ReadonlyMap<string, readonly KubernetesObject[]>): Promise<void> {
  const said = (): number => [...heard.values()].reduce((sum, all) => sum + all.length, 0);
  await until('nobody says anything', 20_000, async () => {
    const before = said();
    await pause(1000);
    return said() === before || undefined;
  });
}

/** Lines for the conditions of these types that the composites have. */
function conditionLines(composites: readonly KubernetesObject[], types: readonly string[]): readonly string[] {
  return composites.flatMap((object) => {
    const lines = types.flatMap((type) => {
      const found = condition(object, type);
      if (found === undefined) return [];
      const { status, reason = '', message } = found;
      return [`  - ${type} is ${status} (${reason})${message === undefined ? '' : `: ${message}`}`];
    });
    return [`- **${resourceId(object, object.metadata.name)}**`, ...lines];
  });
}

const CORES_TYPES = ['Synced', 'Ready', 'Responsive'];
const coresSections: string[] = [];

describe('the scenes of the golden file', () => {
  for (const scene of SCENES) {
    suite.test(scene.title, async (stage) => {
      const golden = goldenOf(scene);
      expect([...golden.keys()].map((id) => id.split('.')[0])).toEqual(KINDS);
      if (scene.converged) {
        await perform(stage, { do: 'edit' });
        await becomesReady(stage, parentIn(stage.namespace, 'test', releases[1]));
      }
      const silence = new AbortController();
      try {
        const heard = listen(stage, silence.signal);
        // What each says before the acts counts as well: the first pass of one composite is none of the others.
        if (scene.converged) {
          await until('all were heard', 10_000, () => Promise.resolve(heard.size === KINDS.length || undefined));
        }
        for (const act of scene.acts) await perform(stage, act);
        const says = (id: string): readonly string[] => {
          const all = (heard.get(id) ?? []).map(blockOf);
          return scene.says === 'at rest' ? all.slice(-1) : all;
        };
        await until('all was said', 20_000, () =>
          Promise.resolve([...golden].every(([id, block]) => says(id).includes(block)) || undefined),
        ).catch(() => {
          const unsaid = [...golden].filter(([id, block]) => !says(id).includes(block));
          const said = unsaid.map(([id]) => [...new Set(says(id))].join('\n'));
          expect(said.join('\n')).toBe(unsaid.map(([, block]) => block).join('\n'));
        });
        await eventsTell(stage, [...golden.values()].join('\n'));
        if (scene.says === 'at rest') {
          await fallsSilent(heard);
          const last = KINDS.flatMap((kind) =>
            [...heard.values()].flatMap((all) => all.slice(-1)).filter((one) => one.kind === kind),
          );
          const lines = conditionLines(last, CORES_TYPES);
          coresSections.push([`## ${scene.title}`, '', ...lines, ''].join('\n'));
        }
      } finally {
        silence.abort();
      }
    });
  }
});

describe('a chart that cannot be built', () => {
  suite.test('is told on its composite and, in the same words, on the parent', async (stage) => {
    const { plane, namespace } = stage;
    await perform(stage, { do: 'edit', values: { topics: 'a a' } });
    const saysAll = (kind: string, name: string, converges: 'True' | 'False') =>
      plane.client.waitFor(
        { apiVersion: API_VERSION, kind, metadata: { name, namespace } },
        'has said all',
        (object) => {
          const { status, message = '' } = condition(object, 'Converged') ?? {};
          return status === converges && (kind === 'Left' || message.includes('cannot be built'));
        },
      );
    const composites = [
      await saysAll('Parent', 'test', 'False'),
      await saysAll('Left', 'test-left', 'True'),
      await saysAll('Right', 'test-right', 'False'),
    ];
    const lines = conditionLines(composites, [...CORES_TYPES, 'Converged']);
    coresSections.push(['## A chart cannot be built', '', ...lines, ''].join('\n'));
  });
});

/** What is held has been told by an event, in the same words. */
async function eventsTell({ plane, namespace }: Stage, golden: string): Promise<void> {
  const held = [...golden.matchAll(/- held \([a-z-]+\): (.+)/g)].map(([, message = '']) => message);
  await until(`events tell ${held.join(' ')}`, 10_000, async () => {
    const events = JSON.stringify(await plane.client.list({ apiVersion: 'v1', kind: 'Event' }, { namespace }));
    return held.every((message) => events.includes(message)) || undefined;
  });
}

test('core adds what people have reviewed', () => {
  const text = ['# What core adds', '', ...coresSections].join('\n');
  if (process.env['OWLNEST_GOLDEN'] === 'write') writeFileSync(CORES, text);
  expect(text).toBe(readFileSync(CORES, 'utf8'));
});
