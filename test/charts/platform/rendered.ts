import { readFileSync } from 'node:fs';
import { compositeKinds } from '../../../charts/index.ts';
import type { PlatformInput } from '../../../charts/platform/index.ts';
import { createComposer } from '../../../crossplane/compose/compose.ts';
import { namespaceOf } from '../../../crossplane/definition/context.ts';
import { API_VERSION } from '../../../crossplane/definition/api.ts';
import { compositeKindSchema } from '../../../crossplane/definition/xrd.ts';
import { EmbeddedControlPlane } from '../../../crossplane/embedded/control-plane.ts';
import { standInProvider } from '../../../crossplane/embedded/provider.ts';
import { parseLockIndex, schemaRegistry } from '../../../crossplane/schema/registry.ts';
import type { JsonObject, KubernetesObject } from '../../../imports/base.ts';
import { releaseOf } from '../../support/release.ts';

const read = (name: string): string =>
  readFileSync(new URL(`../../../imports/lock/${name}.json`, import.meta.url), 'utf8');

export const ACCOUNT = '123456789012';
export const release = releaseOf('0.1.0');
export const index = parseLockIndex(read('index'));
export const schemas = schemaRegistry(read, index, compositeKinds.map(compositeKindSchema));

/** An Environment as a config file describes it. */
export function environment(name: string): KubernetesObject {
  return {
    apiVersion: API_VERSION,
    kind: 'Environment',
    metadata: { name, namespace: namespaceOf(name) },
    spec: {
      environment: name,
      domainName: `${name}.owlnest.example`,
      alertEmail: 'ops@owlnest.example',
      budgetLimit: 100,
      account: ACCOUNT,
    },
  };
}

/** Everything that the environment becomes. */
export function rendered(name: string): readonly KubernetesObject[] {
  const composer = createComposer(compositeKinds, schemas, release);
  const plane = new EmbeddedControlPlane(composer, schemas, standInProvider(ACCOUNT, schemas));
  const violations = plane.apply(environment(name));
  if (violations.length > 0) throw new Error(violations.map(({ message }) => message).join('\n'));
  return plane.converge().objects;
}

/** What the platform's files are made from, for environments of these names. */
export function platformInput(...names: readonly string[]): PlatformInput {
  return {
    kinds: compositeKinds,
    release,
    schemas,
    rendered: names.flatMap(rendered),
    environments: names.map((name) => ({ name, account: ACCOUNT, region: 'ap-northeast-1' })),
  };
}

/** A managed resource with this specification, in the namespace of `staging`. */
export function managed(
  apiVersion: string,
  kind: string,
  name: string,
  forProvider: JsonObject = {},
): KubernetesObject {
  return { apiVersion, kind, metadata: { name, namespace: 'owlnest-staging' }, spec: { forProvider } };
}
