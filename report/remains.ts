import type { Remaining, RemainState, Remains } from '../plan/remains.ts';

/** What `owlnest remains` has found out about one environment. */
export interface RemainsReport extends Remains {
  readonly environment: string;
}

const ORDER: readonly RemainState[] = ['refused', 'waiting', 'going', 'kept'];

const MEANING: Readonly<Record<RemainState, string>> = {
  refused: 'their deletion was asked for, and is refused; the provider tries again',
  waiting: 'their deletion was asked for, and something else has to go first',
  going: 'their deletion is under way',
  kept: 'AWS keeps them when their objects go',
};

/** By state and reason, each with its resources: `<Kind>.<service>/<name>`, and what AWS calls it. */
export function remainsText({ environment, remaining, goes }: RemainsReport): string {
  const orphans = `What AWS has and no object stands for any more: owlnest orphans ${environment}.`;
  if (remaining.length + goes === 0) {
    return [`No managed resource of ${environment} is in this cluster, or file.`, orphans].join('\n');
  }
  const states = ORDER.filter((state) => remaining.some((one) => one.state === state));
  return [
    `${environment}: ${remaining.length} of ${remaining.length + goes} resources stay when it is deleted, ${goes} go.`,
    ...states.flatMap((state) => {
      const its = remaining.filter((one) => one.state === state);
      return ['', `${state} (${its.length}): ${MEANING[state]}`, ...byReason(its)];
    }),
    '',
    orphans,
  ].join('\n');
}

function byReason(remaining: readonly Remaining[]): readonly string[] {
  const reasons = [...new Set(remaining.map(({ why }) => why))].sort();
  return reasons.flatMap((reason) => [
    `  ${reason}:`,
    ...remaining.filter(({ why }) => why === reason).map((one) => `    ${nameOf(one)}`),
  ]);
}

function nameOf({ resource, externalName }: Remaining): string {
  const short = resource.replace('.aws.m.upbound.io/', '/');
  return externalName === '' || short.endsWith(`/${externalName}`) ? short : `${short} (${externalName})`;
}
