/** What is installed in the control plane that the files of a run share. */
import type { KubernetesObject } from '../../imports/base.ts';
import { isXrd } from './harness/crds.ts';
import { chartCrds, spineWorldOf, familyCrds } from './spine-world.ts';
import { toyCrds, toyOf } from './toy.ts';

/** The provider's CRDs that some file needs. */
export const sharedCrds: readonly string[] = [...new Set([...chartCrds(), ...familyCrds(), ...toyCrds])].sort();

const { charts, families } = spineWorldOf('shared');
const objects = [...charts.objects, ...families[1].objects, ...toyOf('shared').objects];

/** The XRDs of all files; their Compositions call functions, and are each file's own. */
export const sharedDefinitions: readonly KubernetesObject[] = objects.filter(isXrd);
