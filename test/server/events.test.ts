import { Severity } from '@crossplane-org/function-sdk-typescript';
import { describe, expect, test } from '@jest/globals';
import type { JsonObject, KubernetesObject } from '../../imports/base.ts';
import type { ComposeStatus, Held } from '../../crossplane/compose/types.ts';
import { statusFields } from '../../crossplane/compose/status.ts';
import { resourceId } from '../../crossplane/reference/identity.ts';
import { eventsOf } from '../../crossplane/server/events.ts';
import { composed, composite, key } from './sample.ts';

const id = resourceId(key, 'storage-data');
const held: Held = { resource: id, reason: 'in-use', message: `${id} stays.` };
const violation = { resource: id, path: 'spec', rule: 'type', received: null, message: `${id} is wrong.` };
const open = { status: false, message: '1 is held.' };

function status(changes: Partial<ComposeStatus>): ComposeStatus {
  return { ...composed({}).status, ...changes };
}

/** The composite as it is observed after a pass with that status. */
function after(last: ComposeStatus | undefined): KubernetesObject {
  const { status: _, ...bare } = composite;
  if (last === undefined) return bare;
  const condition = { type: 'Converged', status: last.converged.status ? 'True' : 'False' };
  return { ...bare, status: { ...statusFields(last), conditions: [condition] } };
}

function told(
  before: KubernetesObject,
  now: ComposeStatus,
): readonly (readonly [string, string | undefined, string])[] {
  const severities: Record<number, string> = {
    [Severity.SEVERITY_NORMAL]: 'normal',
    [Severity.SEVERITY_WARNING]: 'warning',
  };
  return eventsOf(before, now).map(({ severity, reason, message }) => [severities[severity] ?? '', reason, message]);
}

describe('a pass', () => {
  test.each([
    ['open', status({ held: [held], invalid: [violation], converged: open })],
    ['converged', status({})],
  ])('that changes nothing (%s) makes no event', (_, same) => {
    expect(told(after(same), same)).toEqual([]);
  });

  test('that is the first says what is held and invalid, and not that it is under way', () => {
    expect(told(after(undefined), status({ held: [held], invalid: [violation], converged: open }))).toEqual([
      ['warning', 'Held', `${id} stays.`],
      ['warning', 'Invalid', `${id} is wrong.`],
    ]);
  });

  test('that converges says so once', () => {
    const converged = status({ converged: { status: true, message: 'All is there.' } });

    expect(told(after(status({ converged: open })), converged)).toEqual([['normal', 'Converged', 'All is there.']]);
    expect(told(after(undefined), converged)).toEqual([['normal', 'Converged', 'All is there.']]);
  });

  test('that is no longer converged warns', () => {
    expect(told(after(status({})), status({ converged: open }))).toEqual([['warning', 'Open', '1 is held.']]);
  });

  test('with another reason for a hold warns, with another wording only it does not', () => {
    const before = after(status({ held: [held], converged: open }));

    expect(told(before, status({ held: [{ ...held, message: 'Other words.' }], converged: open }))).toEqual([]);
    expect(told(before, status({ held: [{ ...held, reason: 'invalid' }], converged: open }))).toHaveLength(1);
  });

  test('with many changes names five and the number of the others', () => {
    const many = Array.from({ length: 12 }, (_, index): Held => ({ ...held, resource: resourceId(key, `k-${index}`) }));
    const events = told(after(undefined), status({ held: many, converged: open }));

    expect(events).toHaveLength(6);
    expect(events[5]).toEqual(['warning', 'Held', 'And 7 more; see the status.']);
  });

  test.each<[string, JsonObject]>([
    ['texts', { held: 'none', invalid: 'none', conditions: 'none' }],
    ['lists of nothing', { held: [null], invalid: [null], conditions: [null, 'x', []] }],
  ])('after a status of %s goes on', (_, strange) => {
    expect(told({ ...composite, status: strange }, status({ held: [held], converged: open }))).toHaveLength(1);
  });
});
