import type { Json, JsonObject, KubernetesObject } from '../../imports/base.ts';
import { asObject, isList, isObject } from '../schema/json.ts';
import { sameJson } from './values.ts';

type Unready = string | undefined;

/**
 * What keeps a managed resource from being ready, in words, or `undefined` (law 8). The provider's `Ready` carries no
 * generation and stays True after a refused update, so `Synced` and the last asynchronous operation are read as well.
 */
export function unreadyManaged(object: KubernetesObject): Unready {
  const conditions = conditionsOf(object);
  return (
    deleting(object) ??
    notTrue(conditions, 'Synced', object) ??
    notTrue(conditions, 'Ready', undefined) ??
    asyncOperation(conditions) ??
    notInAws(object)
  );
}

/**
 * What keeps a child composite from being ready. Its status must speak of its present generation, as the function says
 * itself: core gives a function's condition no generation, and its own ones the newest, even when the change came while
 * the pass was under way.
 */
export function unreadyComposite(object: KubernetesObject): Unready {
  const conditions = conditionsOf(object);
  return (
    deleting(object) ??
    notTrue(conditions, 'Synced', object) ??
    openSentence(conditions) ??
    ofOlderGeneration(object) ??
    notTrue(conditions, 'Converged', undefined) ??
    notTrue(conditions, 'Ready', object)
  );
}

/** Other objects (a Usage) have what conditions they like: only a False `Ready` counts. */
export function unreadyOther(object: KubernetesObject): Unready {
  const ready = conditionsOf(object).find((condition) => condition['type'] === 'Ready');
  return deleting(object) ?? (ready?.['status'] === 'False' ? `Ready is False${because(ready)}` : undefined);
}

/** True when `Synced` is True, and not for an older generation. */
export function isSynced(object: KubernetesObject): boolean {
  return notTrue(conditionsOf(object), 'Synced', object) === undefined;
}

/**
 * True when AWS has what was applied last: `fields` are those of `forProvider` that matter. What AWS shows decides: the
 * provider says Synced of the newest generation while the update that it brings is still to be sent. Of a field that AWS
 * does not show, `Synced` must speak of a generation.
 */
export function isInAws(object: KubernetesObject, fields: JsonObject): boolean {
  if (!isSynced(object)) return false;
  const shown = asObject(object.status?.['atProvider']);
  const synced = conditionsOf(object).find((one) => one['type'] === 'Synced');
  return Object.entries(fields).every(([field, value]) => {
    const seen = shown[field];
    return seen === undefined ? synced?.['observedGeneration'] !== undefined : sameJson(seen, value);
  });
}

function conditionsOf(object: KubernetesObject): readonly JsonObject[] {
  const conditions = object.status?.['conditions'];
  return isList(conditions) ? conditions.filter(isObject) : [];
}

function deleting(object: KubernetesObject): Unready {
  return object.metadata.deletionTimestamp === undefined ? undefined : 'it is being deleted';
}

/**
 * With `of`, the condition must not speak of an older generation of that object. The provider's asynchronous callback
 * writes conditions without one, and later writes do not add it: that is not known, and not old.
 */
function notTrue(conditions: readonly JsonObject[], type: string, of: KubernetesObject | undefined): Unready {
  const condition = conditions.find((one) => one['type'] === type);
  if (condition === undefined) return `${type} is not reported yet`;
  if (condition['status'] !== 'True') return `${type} is ${String(condition['status'])}${because(condition)}`;
  const said = condition['observedGeneration'];
  if (of?.metadata.generation === undefined || said === undefined || said === of.metadata.generation) return undefined;
  return `${type} speaks of an older generation`;
}

function ofOlderGeneration({ metadata, status }: KubernetesObject): Unready {
  const isOld = metadata.generation !== undefined && status?.['observedGeneration'] !== metadata.generation;
  return isOld ? 'its status speaks of an older generation' : undefined;
}

/** What the composite itself says is open: the reason is passed upwards in its own words. */
function openSentence(conditions: readonly JsonObject[]): Unready {
  const converged = conditions.find((one) => one['type'] === 'Converged');
  const message = converged?.['message'];
  return converged?.['status'] === 'False' && typeof message === 'string' ? withoutFullStop(message) : undefined;
}

function withoutFullStop(text: string): string {
  return text.replace(/\.$/, '');
}

function asyncOperation(conditions: readonly JsonObject[]): Unready {
  const last = conditions.find((one) => one['type'] === 'LastAsyncOperation');
  if (last?.['status'] === 'False') return `its last operation failed${because(last)}`;
  const running = conditions.find((one) => one['type'] === 'AsyncOperation' && one['reason'] === 'Ongoing');
  return running === undefined ? undefined : 'an operation is running';
}

/** The provider may say Ready and Synced of what it has no id of: then nothing is in AWS. */
function notInAws(object: KubernetesObject): Unready {
  const { id } = asObject(object.status?.['atProvider']);
  return typeof id === 'string' && id !== '' ? undefined : 'AWS has not told its id';
}

function because(condition: JsonObject): string {
  const text = (value: Json | undefined) => (typeof value === 'string' && value !== '' ? value : undefined);
  const reason = text(condition['message']) ?? text(condition['reason']);
  return reason === undefined ? '' : ` (${withoutFullStop(reason)})`;
}
