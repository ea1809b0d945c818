import { environmentFile } from '../charts/platform/environment-file.ts';
import { crossplaneValues, platformFiles } from '../charts/platform/index.ts';
import type { TextFile } from '../report/text-file.ts';
import type { ConvergedEnvironment } from './rendering.ts';
import type { Toolchain } from './toolchain.ts';
import { toYaml, valuesToYaml } from './yaml.ts';

/**
 * What is applied to a cluster: `platform/` once, `environments/<environment>/` by Argo CD. Apart from
 * `rendering.ts`, since it alone loads cdk8s-plus, which takes a tenth of a second.
 */
export function deployableFiles(all: readonly ConvergedEnvironment[], toolchain: Toolchain): readonly TextFile[] {
  const { kinds, release, schemas } = toolchain;
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
