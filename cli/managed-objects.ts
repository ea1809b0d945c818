import { text } from 'node:stream/consumers';
import type { KubeConfig } from '@kubernetes/client-node';
import { groupOf } from '../crossplane/reference/identity.ts';
import { PREVIEW_ANNOTATION } from '../crossplane/reference/marks.ts';
import { asObject, isKubernetesObject } from '../crossplane/schema/json.ts';
import type { KubernetesObject } from '../imports/base.ts';
import { documentsIn, filesAt } from './documents.ts';
import { answerOf, NoAnswer } from './errors.ts';

/** Groups of the provider's namespaced kinds end so: `kms.aws.m.upbound.io`. */
const GROUPS_OF_PROVIDER = '.aws.m.upbound.io';

/** Objects a page, as kubectl asks for them. */
const PAGE = 500;

/**
 * The managed resources in a file or folder, or on stdin for `-`, as `kubectl get managed -A -o yaml` writes them.
 * @throws NoAnswer with all that is wrong with them, and for a preview, which says nothing of AWS
 */
export async function objectsFromFiles(path: string): Promise<readonly KubernetesObject[]> {
  const files =
    path === '-'
      ? [{ path: 'stdin', named: true, text: await text(process.stdin) }]
      : answerOf(() => filesAt(path).map((file) => ({ ...file, text: file.text() })));
  const documents = files.flatMap((file) =>
    documentsIn(file.text, file).map((document) => ({ path: file.path, document })),
  );
  const problems = documents.flatMap(({ path: file, document }) =>
    'problem' in document ? [`${file}: ${document.problem}`] : [],
  );
  if (problems.length > 0) throw new NoAnswer(problems);
  const objects = documents.flatMap(({ document }) => ('object' in document ? [document.object] : []));
  if (objects.some(({ metadata }) => metadata.annotations?.[PREVIEW_ANNOTATION] !== undefined)) {
    throw new NoAnswer([
      `${path} is a preview of owlnest render and says nothing of AWS; give what kubectl get managed -A -o yaml writes.`,
    ]);
  }
  return objects.filter(isManaged);
}

/**
 * All managed resources of a cluster, in all namespaces; read-only.
 * @param context of the kubeconfig; its current one unless named
 * @throws NoAnswer with a sentence when the cluster cannot be asked
 */
export async function objectsFromCluster(context: string | undefined): Promise<readonly KubernetesObject[]> {
  const client = await import('@kubernetes/client-node');
  const config = new client.KubeConfig();
  select(config, context);
  const custom = config.makeApiClient(client.CustomObjectsApi);
  try {
    const { groups } = await config.makeApiClient(client.ApisApi).getAPIVersions();
    const versions = groups
      .filter(({ name }) => name.endsWith(GROUPS_OF_PROVIDER))
      .flatMap(({ name: group, preferredVersion, versions: [first] }) => {
        const version = preferredVersion?.version ?? first?.version;
        return version === undefined ? [] : [{ group, version }];
      });
    const kinds = await Promise.all(
      versions.map(async (at) => {
        const { resources } = await custom.getAPIResources(at);
        // `buckets/status` is a part of an object.
        const plurals = resources.filter(
          ({ name, categories }) => !name.includes('/') && categories?.includes('managed') === true,
        );
        return plurals.map(({ name: plural }) => ({ ...at, plural }));
      }),
    );
    const lists = await Promise.all(kinds.flat().map((kind) => listed(custom, kind)));
    return lists.flat();
  } catch (error) {
    throw new NoAnswer([sentenceOf(error, config)], { cause: error });
  }
}

/** The part of the client that is used here. */
interface Lister {
  listClusterCustomObject(request: {
    readonly group: string;
    readonly version: string;
    readonly plural: string;
    readonly limit: number;
    readonly _continue?: string;
  }): Promise<unknown>;
}

async function listed(
  lister: Lister,
  kind: { readonly group: string; readonly version: string; readonly plural: string },
): Promise<readonly KubernetesObject[]> {
  const objects: KubernetesObject[] = [];
  let next = '';
  do {
    const answer = asObject(
      await lister.listClusterCustomObject({ ...kind, limit: PAGE, ...(next !== '' && { _continue: next }) }),
    );
    const { items } = answer;
    if (!Array.isArray(items)) throw new Error(`The list of ${kind.plural}.${kind.group} has no items.`);
    objects.push(...items.filter(isKubernetesObject));
    next = String(asObject(answer['metadata'])['continue'] ?? '');
  } while (next !== '');
  return objects;
}

function select(config: KubeConfig, context: string | undefined): void {
  const other = 'name a file by --objects instead, as kubectl get managed -A -o yaml writes it';
  try {
    config.loadFromDefault();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new NoAnswer([`The kubeconfig cannot be read (${reason}); mend it, or ${other}.`], { cause: error });
  }
  const contexts = config.getContexts().map(({ name }) => name);
  // The client makes this one up where there is no kubeconfig.
  if (contexts.join() === 'loaded-context')
    throw new NoAnswer([`There is no kubeconfig; set KUBECONFIG, or ${other}.`]);
  if (context === undefined) return;
  if (!contexts.includes(context)) {
    throw new NoAnswer([`The kubeconfig has no context ${context}; it has ${contexts.join(', ')}.`]);
  }
  config.setCurrentContext(context);
}

function sentenceOf(error: unknown, config: KubeConfig): string {
  const context = config.getCurrentContext();
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  if (code === 401) return `The cluster of context ${context} does not take your credentials; sign in to it again.`;
  if (code === 403) {
    return `In the cluster of context ${context} you may not list the managed resources; docs/guides/orphans.md has the role that may.`;
  }
  const reason = error instanceof Error ? error.message : String(error);
  return `The cluster of context ${context} gives no list (${reason}); check that kubectl get managed -A works there.`;
}

function isManaged(object: KubernetesObject): boolean {
  return `.${groupOf(object.apiVersion)}`.endsWith(GROUPS_OF_PROVIDER);
}
