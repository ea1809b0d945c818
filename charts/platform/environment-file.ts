import { Namespace } from 'cdk8s-plus-28';
import type { KubernetesObject } from '../../imports/base.ts';
import { namespaceOf } from '../../crossplane/definition/context.ts';
import { compositionName, type Release } from '../../crossplane/definition/release.ts';
import { roleArn } from '../constructs/arns.ts';
import { PROVISIONER_ROLE } from './names.ts';
import { chartObjects } from './objects.ts';

export interface EnvironmentFileInput {
  /** The Environment as it is to be applied. */
  readonly environment: KubernetesObject;
  /** AWS account of the environment. */
  readonly account: string;
  /** AWS region of the environment, from which the partition follows. */
  readonly region: string;
  /** Whether the Environment's deletion is refused. */
  readonly protectData: boolean;
  /** Pins the Environment, unless it is pinned already. */
  readonly release: Release;
}

/**
 * `dist/environments/<environment>/environment.yaml`, in apply order: the namespace, how the provider reaches the
 * account, the Environment, and where it protects its data the guard that refuses its deletion.
 * Throws a sentence when the Environment does not stand in the namespace of its name.
 */
export function environmentFile(input: EnvironmentFileInput): readonly KubernetesObject[] {
  const { environment, protectData, release } = input;
  const { name, namespace } = environment.metadata;
  if (namespace !== namespaceOf(name)) {
    throw new Error(
      `The Environment ${name} stands in namespace ${namespace ?? '(none)'}; put it into ${namespaceOf(name)}.`,
    );
  }
  return [
    ...chartObjects((chart) => {
      // No pod ever runs here; if one is put here all the same, it runs with no privilege.
      const labels = { 'owlnest.io/environment': name, 'pod-security.kubernetes.io/enforce': 'restricted' };
      new Namespace(chart, 'namespace', { metadata: { name: namespace, labels } });
    }),
    providerConfig(name, namespace, input),
    pinned(environment, release),
    ...(protectData ? [deletionGuard(environment)] : []),
  ];
}

/**
 * Named as the environment, since every managed resource names it so. The provider's own role may do one thing: take
 * on this role, which the account of the environment grants.
 */
function providerConfig(name: string, namespace: string, { account, region }: EnvironmentFileInput): KubernetesObject {
  return {
    apiVersion: 'aws.m.upbound.io/v1beta1',
    kind: 'ProviderConfig',
    metadata: { name, namespace },
    spec: {
      credentials: { source: 'PodIdentity' },
      assumeRoleChain: [{ roleARN: roleArn(region, account, PROVISIONER_ROLE) }],
    },
  };
}

/** Unpinned, an Environment would take whichever Composition core finds first. */
function pinned(environment: KubernetesObject, release: Release): KubernetesObject {
  const { spec } = environment;
  if (spec?.['crossplane'] !== undefined) return environment;
  const crossplane = { compositionRef: { name: compositionName(environment.kind, release) } };
  return { ...environment, spec: { ...spec, crossplane } };
}

/** Without `by`, a Usage refuses the deletion for as long as it is there itself. */
function deletionGuard({ apiVersion, kind, metadata }: KubernetesObject): KubernetesObject {
  const name = `${metadata.name}-guard`;
  return {
    apiVersion: 'protection.crossplane.io/v1beta1',
    kind: 'Usage',
    metadata: { name, ...(metadata.namespace !== undefined && { namespace: metadata.namespace }) },
    spec: {
      of: { apiVersion, kind, resourceRef: { name: metadata.name } },
      reason: `${metadata.name} protects its data; to give it up for good, delete Usage ${name} first.`,
    },
  };
}
