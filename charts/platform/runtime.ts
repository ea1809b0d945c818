import type { JsonObject, KubernetesObject } from '../../imports/base.ts';
import { FUNCTION_ACCOUNT, FUNCTION_RUNTIME, PROVIDER_ACCOUNT, PROVIDER_RUNTIME } from './names.ts';

/** Core's name for the container that holds a package. */
const CONTAINER = 'package-runtime';
/** Where the function tells in plaintext how it is: metrics and health, nothing that a caller needs a certificate for. */
const HEALTH_PORT = 8080;
/** User and group that core itself gives a package without a security context; any but root would do. */
const PACKAGE_USER = 2000;

const APP_LABEL = 'app.kubernetes.io/name';

/** How core runs the function and the providers. */
export function runtimeConfigs(): readonly KubernetesObject[] {
  return [runtimeConfig(FUNCTION_RUNTIME, functionDeployment()), runtimeConfig(PROVIDER_RUNTIME, providerDeployment())];
}

function runtimeConfig(name: string, deployment: JsonObject): KubernetesObject {
  return {
    apiVersion: 'pkg.crossplane.io/v1beta1',
    kind: 'DeploymentRuntimeConfig',
    metadata: { name },
    spec: { deploymentTemplate: { spec: deployment } },
  };
}

/** Two replicas on two nodes: while none answers, no composite of any environment is reconciled. */
function functionDeployment(): JsonObject {
  const labels = { [APP_LABEL]: FUNCTION_RUNTIME };
  const container = {
    resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { memory: '512Mi' } },
    // Not by gRPC health: its callers need a certificate that the kubelet does not have.
    readinessProbe: { httpGet: { path: '/readyz', port: HEALTH_PORT }, periodSeconds: 5 },
    livenessProbe: { httpGet: { path: '/livez', port: HEALTH_PORT }, initialDelaySeconds: 15, periodSeconds: 20 },
    securityContext: lockedDown({ readOnlyRootFilesystem: true }),
  };
  return {
    replicas: 2,
    selector: {},
    template: {
      metadata: { labels },
      spec: {
        ...podSpec(FUNCTION_ACCOUNT, container),
        automountServiceAccountToken: false,
        topologySpreadConstraints: [
          {
            maxSkew: 1,
            topologyKey: 'kubernetes.io/hostname',
            whenUnsatisfiable: 'ScheduleAnyway',
            labelSelector: { matchLabels: labels },
            // Core labels pods with their revision: each release is spread by itself.
            matchLabelKeys: ['pkg.crossplane.io/revision'],
          },
        ],
      },
    },
  };
}

/** One runtime for all services of the provider. */
function providerDeployment(): JsonObject {
  const container = {
    args: [
      // Each look at a resource is a call that AWS counts, and for some services bills.
      '--poll=1h',
      // Below the rate at which AWS refuses calls of its control planes.
      '--max-reconcile-rate=10',
      // Old and new revision run side by side during an update; two at work would create a resource twice.
      '--leader-election',
    ],
    resources: { requests: { cpu: '50m', memory: '256Mi' }, limits: { memory: '1Gi' } },
    securityContext: lockedDown({}),
  };
  return {
    replicas: 1,
    selector: {},
    template: { metadata: { labels: { [APP_LABEL]: PROVIDER_RUNTIME } }, spec: podSpec(PROVIDER_ACCOUNT, container) },
  };
}

/**
 * The account is named here and not in `serviceAccountTemplate`: core would make it the property of one revision after
 * the other, and delete it with the last one that wrote it.
 */
function podSpec(serviceAccountName: string, container: JsonObject): JsonObject {
  return {
    serviceAccountName,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: PACKAGE_USER,
      runAsGroup: PACKAGE_USER,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [{ name: CONTAINER, ...container }],
  };
}

function lockedDown(more: JsonObject): JsonObject {
  return { allowPrivilegeEscalation: false, privileged: false, capabilities: { drop: ['ALL'] }, ...more };
}
