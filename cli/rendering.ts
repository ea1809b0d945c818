import { environmentFile } from '../charts/platform/environment-file.ts';
import { crossplaneValues, platformFiles } from '../charts/platform/index.ts';
import { EmbeddedControlPlane } from '../crossplane/embedded/control-plane.ts';
import { findingsOf } from '../crossplane/embedded/findings.ts';
import { standInProvider } from '../crossplane/embedded/provider.ts';
import type { KubernetesObject } from '../imports/base.ts';
import { findingSentences } from '../report/findings.ts';
import { environmentReport, type EnvironmentReport } from '../report/layers.ts';
import type { TextFile } from '../report/preview.ts';
import type { LoadedEnvironment } from './environments.ts';
import { UserError } from './errors.ts';
import { strayIdentities } from './identities.ts';
import type { Workshop } from './workshop.ts';
import { toYaml, valuesToYaml } from './yaml.ts';

/** An environment on the embedded control plane, come to rest. */
export interface ConvergedEnvironment {
  readonly environment: LoadedEnvironment;
  readonly report: EnvironmentReport;
  readonly ready: boolean;
  readonly objects: readonly KubernetesObject[];
}

/** Converges one environment from nothing, with a stand-in for the provider and AWS. */
export function convergeEnvironment(environment: LoadedEnvironment, workshop: Workshop): ConvergedEnvironment {
  const provider = standInProvider(environment.account, workshop.schemas, undefined, 'whatever-is-looked-for');
  const plane = new EmbeddedControlPlane(workshop.composer, workshop.schemas, provider);
  plane.apply(environment.object);
  const converged = plane.converge();
  return {
    environment,
    report: environmentReport(environment.name, converged, findingsOf(converged, workshop.schemas)),
    ready: converged.ready,
    objects: converged.objects,
  };
}

/** Nothing with findings is written: throws them as sentences. */
export function refuseFindings(converged: readonly ConvergedEnvironment[], { schemas }: Workshop): void {
  const sentences = converged.flatMap(({ environment, report, objects }) => {
    const findings = findingSentences(report);
    // A chart that could not be built has no resources.
    return findings.length > 0 ? findings : strayIdentities(environment, objects, schemas);
  });
  if (sentences.length > 0) throw new UserError(sentences);
}

/** What is applied to a cluster: `platform/` once, `environments/<environment>/` by Argo CD. */
export function deployableFiles(all: readonly ConvergedEnvironment[], workshop: Workshop): readonly TextFile[] {
  const { kinds, release, schemas } = workshop;
  const environments = all.map(({ environment: { name, account, region } }) => ({ name, account, region }));
  const rendered = all.flatMap(({ objects }) => objects);
  const platform = platformFiles({ kinds, release, schemas, rendered, environments });
  return [
    ...platform.map(({ name, objects }) => ({ path: `platform/${name}`, text: toYaml(objects) })),
    { path: 'platform/helm/crossplane-values.yaml', text: valuesToYaml(crossplaneValues()) },
    ...all.map(({ environment }) => ({
      path: `environments/${environment.name}/environment.yaml`,
      text: toYaml(environmentFile({ ...environment, environment: environment.object, release })),
    })),
  ];
}
