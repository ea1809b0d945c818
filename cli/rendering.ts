import { EmbeddedControlPlane } from '../crossplane/embedded/control-plane.ts';
import { findingsOf } from '../crossplane/embedded/findings.ts';
import { standInProvider } from '../crossplane/embedded/provider.ts';
import type { KubernetesObject } from '../imports/base.ts';
import { unknownKinds } from '../kinds/index.ts';
import { findingSentences } from '../report/findings.ts';
import { environmentReport, type EnvironmentReport } from '../report/layers.ts';
import type { LoadedEnvironment } from './environments.ts';
import { UserError } from './errors.ts';
import { misformedIdentities, strayIdentities } from './identities.ts';
import { checkPolicy } from './policy.ts';
import { strayRemovals } from './removals.ts';
import { sharedNames } from './shared-names.ts';
import type { Toolchain } from './toolchain.ts';

/** An environment on the embedded control plane, come to rest. */
export interface ConvergedEnvironment {
  readonly environment: LoadedEnvironment;
  readonly report: EnvironmentReport;
  readonly ready: boolean;
  readonly objects: readonly KubernetesObject[];
  /** A sentence for each breach of policy that the file says is meant to be. */
  readonly suppressed: readonly string[];
  /** What is wrong with those entries of the file. */
  readonly suppressionProblems: readonly string[];
}

/**
 * Converges one environment from nothing, with a stand-in for the provider and AWS, and checks what it becomes.
 * @param today the day on which suppressions must still hold, as `2026-11-25`
 */
export function convergeEnvironment(
  environment: LoadedEnvironment,
  toolchain: Toolchain,
  today = new Date().toISOString().slice(0, '2026-11-25'.length),
): ConvergedEnvironment {
  const provider = standInProvider(environment.account, toolchain.schemas, undefined, 'whatever-is-looked-for');
  const plane = new EmbeddedControlPlane(toolchain.composer, toolchain.schemas, provider);
  plane.apply(environment.object);
  const converged = plane.converge();
  const { objects, ready } = converged;
  const found = findingsOf(converged, toolchain.schemas);
  // What is not there for another reason would break rules as well.
  const policy = found.length > 0 ? undefined : checkPolicy(environment, objects, toolchain.schemas, today);
  return {
    environment,
    report: environmentReport(environment.name, converged, [...found, ...(policy?.findings ?? [])]),
    ready,
    objects,
    suppressed: policy?.suppressed ?? [],
    suppressionProblems: policy?.problems ?? [],
  };
}

/** Nothing with findings is written: throws them as sentences. */
export function refuseFindings(converged: readonly ConvergedEnvironment[], { schemas }: Toolchain): void {
  const sentences = converged.flatMap(({ environment, report, objects, suppressionProblems }) => {
    const misformed = misformedIdentities(environment, schemas);
    // The file is where it is mended; the findings would say it of the object again.
    const wrong = misformed.length > 0 ? misformed : [...findingSentences(report), ...suppressionProblems];
    // A chart that could not be built has no resources.
    if (wrong.length > 0) return wrong;
    return [
      ...strayIdentities(environment, objects, schemas),
      ...unknownKinds(objects, schemas),
      ...strayRemovals(environment, objects, schemas),
    ];
  });
  const shared = sharedNames(converged, schemas);
  if (sentences.length + shared.length > 0) throw new UserError([...sentences, ...shared]);
}
