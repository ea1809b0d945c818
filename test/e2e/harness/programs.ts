import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { usernames } from './access.ts';
import { CORE_ARGUMENTS } from '../../../charts/platform/index.ts';
import { builtBinaries, type BinaryName } from '../tools/binaries.ts';
import { Http, type Endpoint } from './http.ts';
import { createAuthority } from './pki.ts';
import { freePorts } from './ports.ts';
import type { Program } from './processes.ts';

/** Files, certificates and ports of one control plane, and how each of its programs is started. */
export interface Programs {
  readonly endpoint: Endpoint;
  readonly webhook: { readonly url: string; readonly caBundle: string };
  readonly etcd: Program;
  readonly apiserver: Program;
  readonly core: Program;
  readonly rbacManager: Program;
  /** Fills aggregated roles. */
  readonly roleAggregation: Program;
  readonly garbageCollector: Program;
  /** How the stand-in provider reaches the API server: as the provider's service account. */
  readonly provider: Endpoint;
  /** Where core's Prometheus metrics are. */
  readonly metrics: string;
}

/** Writes what the programs read into the folder. */
export async function preparePrograms(folder: string): Promise<Programs> {
  const binaries = builtBinaries();
  const [etcd = 0, peer = 0, api = 0, metrics = 0, health = 0, webhook = 0] = await freePorts(6);
  const pki = await writePki(folder);
  const endpoint: Endpoint = { url: `https://127.0.0.1:${api}`, ...pki.admin };
  const kubeconfig = (name: 'admin' | 'core' | 'rbacManager'): string =>
    writeKubeconfig(join(folder, `${name}.kubeconfig`), { ...endpoint, ...pki[name] });
  const program = (
    name: string,
    binary: BinaryName,
    args: readonly string[],
    more: Pick<Program, 'ready' | 'env'>,
  ): Program => {
    return { name, command: binaries[binary], args, ...more };
  };
  const controllers = (name: string, names: readonly string[]): Program =>
    program(
      name,
      'kube-controller-manager',
      [
        `--kubeconfig=${kubeconfig('admin')}`,
        `--controllers=${names.join()}`,
        '--leader-elect=false',
        '--bind-address=127.0.0.1',
        '--secure-port=0',
      ],
      // It serves nothing; what it does shows in the tests.
      { ready: () => Promise.resolve(true) },
    );
  return {
    endpoint,
    webhook: { url: `https://127.0.0.1:${webhook}`, caBundle: Buffer.from(pki.ca).toString('base64') },
    provider: { ...endpoint, ...pki.provider },
    metrics: `http://127.0.0.1:${metrics}/metrics`,
    etcd: program('etcd', 'etcd', etcdFlags(folder, etcd, peer), {
      ready: () => answers(`http://127.0.0.1:${etcd}/health`),
    }),
    apiserver: program('apiserver', 'kube-apiserver', apiserverFlags(folder, etcd, api), {
      ready: () => apiserverReady(endpoint),
    }),
    core: program('core', 'crossplane', ['core', 'start', ...CORE_ARGUMENTS], {
      env: {
        KUBECONFIG: kubeconfig('core'),
        PACKAGE_RUNTIME: 'External',
        TLS_CLIENT_CERTS_DIR: join(folder, 'fnclient'),
        TLS_SERVER_CERTS_DIR: join(folder, 'webhook'),
        XPKG_CACHE_DIR: join(folder, 'xpkg'),
        METRICS_PORT: String(metrics),
        HEALTH_PROBE_PORT: String(health),
        WEBHOOK_PORT: String(webhook),
      },
      ready: () => answers(`http://127.0.0.1:${health}/readyz`),
    }),
    rbacManager: program('rbac-manager', 'crossplane', ['rbac', 'start'], {
      env: { KUBECONFIG: kubeconfig('rbacManager') },
      // It serves nothing either.
      ready: () => Promise.resolve(true),
    }),
    roleAggregation: controllers('role-aggregation', ['clusterrole-aggregation-controller']),
    garbageCollector: controllers('garbage-collector', ['garbage-collector-controller', 'namespace-controller']),
  };
}

function etcdFlags(folder: string, client: number, peer: number): readonly string[] {
  const [clientUrl, peerUrl] = [`http://127.0.0.1:${client}`, `http://127.0.0.1:${peer}`];
  return [
    '--name=e',
    `--data-dir=${join(folder, 'etcd')}`,
    `--listen-client-urls=${clientUrl}`,
    `--advertise-client-urls=${clientUrl}`,
    `--listen-peer-urls=${peerUrl}`,
    `--initial-advertise-peer-urls=${peerUrl}`,
    `--initial-cluster=e=${peerUrl}`,
    '--unsafe-no-fsync',
    '--log-level=warn',
  ];
}

function apiserverFlags(folder: string, etcd: number, port: number): readonly string[] {
  const file = (name: string): string => join(folder, name);
  return [
    `--etcd-servers=http://127.0.0.1:${etcd}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    '--advertise-address=127.0.0.1',
    '--endpoint-reconciler-type=none',
    '--service-cluster-ip-range=10.0.0.0/24',
    `--client-ca-file=${file('apiserver/ca.crt')}`,
    `--tls-cert-file=${file('apiserver/tls.crt')}`,
    `--tls-private-key-file=${file('apiserver/tls.key')}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${file('sa.pub')}`,
    `--service-account-signing-key-file=${file('sa.key')}`,
    '--authorization-mode=RBAC',
    '--disable-admission-plugins=ServiceAccount',
    '--profiling=false',
  ];
}

async function writePki(folder: string) {
  const authority = await createAuthority('OwlNest end-to-end tests');
  const issue = (name: string, options: Parameters<typeof authority.issue>[0]) => {
    const directory = join(folder, name);
    mkdirSync(directory);
    return authority.issueDirectory(directory, options);
  };
  const local = { usage: 'server', names: ['localhost'], addresses: ['127.0.0.1'] } as const;
  await issue('apiserver', { commonName: 'kube-apiserver', ...local });
  await issue('fnserver', { commonName: 'function', ...local });
  await issue('webhook', { commonName: 'webhook', ...local });
  await issue('fnclient', { commonName: 'crossplane', usage: 'client' });
  const account = (name: keyof typeof usernames) => issue(name, { commonName: usernames[name], usage: 'client' });
  const clients = {
    admin: await issue('admin', { commonName: 'admin', organization: 'system:masters', usage: 'client' }),
    core: await account('core'),
    rbacManager: await account('rbacManager'),
    provider: await account('provider'),
  };
  const pem = { type: 'pkcs8', format: 'pem' } as const;
  const signing = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: pem,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  writeFileSync(join(folder, 'sa.key'), signing.privateKey, { mode: 0o600 });
  writeFileSync(join(folder, 'sa.pub'), signing.publicKey);
  return { ca: authority.certificate, ...clients };
}

function writeKubeconfig(path: string, endpoint: Endpoint): string {
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  const user = {
    'client-certificate-data': base64(endpoint.certificate),
    'client-key-data': base64(endpoint.key),
  };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'e2e',
    contexts: [{ name: 'e2e', context: { cluster: 'e2e', user: 'e2e' } }],
    clusters: [{ name: 'e2e', cluster: { server: endpoint.url, 'certificate-authority-data': base64(endpoint.ca) } }],
    users: [{ name: 'e2e', user }],
  };
  writeFileSync(path, JSON.stringify(config), { mode: 0o600 });
  return path;
}

async function apiserverReady(endpoint: Endpoint): Promise<boolean> {
  const http = new Http(endpoint);
  try {
    return (await http.call({ method: 'GET', path: '/readyz' })).status === 200;
  } catch {
    return false;
  } finally {
    http.close();
  }
}

function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const call = request(url, { agent: false }, (message) => {
      message.resume();
      resolve(message.statusCode === 200);
    });
    call.once('error', () => {
      resolve(false);
    });
    call.end();
  });
}
