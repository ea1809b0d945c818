import { differences, type Difference } from '../crossplane/compose/differences.ts';
import { forProviderOf } from '../crossplane/compose/naming.ts';
import { groupOf } from '../crossplane/reference/identity.ts';
import { asObject } from '../crossplane/schema/json.ts';
import type { ProviderFacts } from '../crossplane/schema/registry.ts';
import type { KubernetesObject } from '../imports/base.ts';

/** A field of a resource that taking it over changes, and what comes of it. */
export interface Change extends Difference {
  /** What AWS or the provider does, as the end of a sentence. */
  readonly effect: string;
}

/** Kinds of the provider, `<Kind>.<service>`, of whose lists AWS keeps nothing that an object does not mention. */
const WHOLE_LISTS: Readonly<Record<string, readonly string[]>> = {
  'Table.dynamodb': ['replica', 'globalSecondaryIndex', 'localSecondaryIndex'],
};

interface Effect {
  readonly path: RegExp;
  readonly change?: Difference['change'];
  readonly effect: string;
}

/**
 * What is more than a change in place. Of tables: AWS's API reference (UpdateTable, UpdateTimeToLive), and what the provider
 * v2.6.0 was seen to do against an emulator; `docs/guides/adopt.md` says which.
 */
const EFFECTS: Readonly<Record<string, readonly Effect[]>> = {
  'Table.dynamodb': [
    {
      path: /^stream(Enabled|ViewType)$/,
      effect: 'AWS makes a new stream with another ARN; whoever reads the old one gets nothing more',
    },
    {
      path: /^ttl\.attributeName$/,
      effect: 'AWS deletes items by this attribute from then on, and no longer by the old one',
    },
    {
      path: /^globalSecondaryIndex\[[^\]]+\]$/,
      change: 'added',
      effect:
        'the provider cannot take over a table without it (all attributes must be indexed): make it by hand first',
    },
    { path: /^globalSecondaryIndex\[[^\]]+\]$/, change: 'removed', effect: 'AWS deletes the index' },
    { path: /^globalSecondaryIndex\[/, effect: 'the index is deleted and made again' },
    {
      path: /^attribute\[/,
      effect: 'it comes and goes with the indexes that need it',
    },
    { path: /^replica\[[^\]]+\]$/, change: 'removed', effect: 'AWS deletes the copy in that region with its data' },
    { path: /^replica\[[^\]]+\]$/, change: 'added', effect: 'AWS makes a copy in that region' },
    { path: /^replica\[[^\]]+\]\.kmsKeyArn$/, effect: 'the copy in that region is deleted and made again' },
    { path: /^billingMode$/, effect: 'AWS changes it in place, once in 24 hours' },
  ],
  'Key.kms': [
    { path: /^policy$/, effect: 'it is replaced as a whole: who used the key by the old one cannot any more' },
  ],
};

/** What taking over a resource changes of it; fields in which AWS has what is wanted are not named. */
export function takeOverOf(
  object: KubernetesObject,
  observed: KubernetesObject,
  facts: ProviderFacts | undefined,
): readonly Change[] {
  const kind = `${object.kind}.${groupOf(object.apiVersion).split('.')[0] ?? ''}`;
  const seen = asObject(observed.status?.['atProvider']);
  // What is said for the making of a resource only is not changed on one that is there.
  const initial = Object.keys(asObject(object.spec?.['initProvider']));
  const whole = (WHOLE_LISTS[kind] ?? []).filter((list) => !initial.includes(list));
  return differences(forProviderOf(object), seen, whole).map((difference) => ({
    ...difference,
    effect: effectOf(kind, difference, facts),
  }));
}

function effectOf(kind: string, { path, change }: Difference, facts: ProviderFacts | undefined): string {
  const [field = ''] = path.split(/[.[]/);
  if (field === 'region' || facts?.replace.includes(field) === true) {
    return 'it cannot change: the provider refuses, and Synced stays False';
  }
  const known = (EFFECTS[kind] ?? []).find((effect) => effect.path.test(path) && (effect.change ?? change) === change);
  return known?.effect ?? (change === 'removed' ? 'AWS loses it' : 'AWS changes it in place');
}
