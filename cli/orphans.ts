import { namespaceOf } from '../crossplane/definition/context.ts';
import { groupOf } from '../crossplane/reference/identity.ts';
import { asObject, own } from '../crossplane/schema/json.ts';
import type { SchemaRegistry } from '../crossplane/schema/registry.ts';
import type { KubernetesObject } from '../imports/base.ts';
import { orphansOf } from '../plan/orphans.ts';
import { hasOrphans, orphanTable, type OrphanReport } from '../report/orphans.ts';
import { callingAccount, taggedResources } from './aws.ts';
import { loadEnvironments, type LoadedEnvironment } from './environments.ts';
import { answerOf, NoAnswer } from './errors.ts';
import { objectsFromCluster, objectsFromFiles } from './managed-objects.ts';
import { openSchemas } from './toolchain.ts';

export interface OrphanOptions {
  readonly context?: string | undefined;
  /** File or folder of managed resources, `-` for stdin; the cluster is asked unless it is there. */
  readonly objects?: string | undefined;
  /** Where to ask AWS as well; an environment that has no file any more needs them. */
  readonly region?: readonly string[] | undefined;
  readonly output: 'table' | 'json';
}

/** Where AWS keeps what belongs to no region: CloudFront, its certificates and web ACLs, Route 53. */
const GLOBAL_REGION = 'us-east-1';

/**
 * Lists what AWS has of an environment, by tags, and no object stands for. Changes nothing. Exit code 1 when there is
 * something.
 */
export async function orphans(name: string, options: OrphanOptions): Promise<void> {
  const { context, objects: path, region = [], output } = options;
  if (context !== undefined && path !== undefined) throw new NoAnswer(['--context and --objects exclude each other.']);
  const { schemas, release } = openSchemas();
  const place = placeOf(name, region, () => answerOf(() => loadEnvironments(schemas, release)));
  const objects = path === undefined ? await objectsFromCluster(context) : await objectsFromFiles(path);
  const report = await reportOn(place, objects, schemas);
  process.stdout.write(`${output === 'json' ? JSON.stringify(report, null, 2) : orphanTable(report)}\n`);
  if (hasOrphans(report)) process.exitCode = 1;
}

/** Where an environment is, or was. */
interface Place {
  readonly name: string;
  /** Undefined when no file says it: then it is that of the credentials. */
  readonly account: string | undefined;
  readonly regions: readonly string[];
}

/** Of an environment whose file is gone, as it is after its deletion, only the given regions are known. */
function placeOf(name: string, regions: readonly string[], load: () => readonly LoadedEnvironment[]): Place {
  const all = load();
  const found = all.find((one) => one.name === name);
  if (found !== undefined) {
    const { account, region, object } = found;
    return { name, account, regions: [region, String(object.spec?.['replicaRegion'] ?? ''), ...regions] };
  }
  if (regions.length > 0) return { name, account: undefined, regions };
  const known = all.map((one) => one.name).join(', ');
  throw new NoAnswer([
    `There is no environment ${name}; config/ describes ${known}. If its file is gone, say where it was: --region <region>.`,
  ]);
}

async function reportOn(
  { name, account, regions: known }: Place,
  objects: readonly KubernetesObject[],
  schemas: SchemaRegistry,
): Promise<OrphanReport> {
  const calling = await callingAccount(known[0] ?? GLOBAL_REGION);
  if (account !== undefined && calling !== account) {
    throw new NoAnswer([
      `The AWS credentials are of account ${calling}, and ${name} is in ${account}; sign in there, or name its profile in AWS_PROFILE.`,
    ]);
  }
  const its = objects.filter(({ metadata }) => metadata.namespace === namespaceOf(name));
  const regions = new Set([...known, GLOBAL_REGION, ...its.map(regionOf)]);
  regions.delete('');
  const asked = [...regions].sort();
  // The provider names the ProviderConfig of the environment, which is called as it; the charts set the other two.
  const tags = [{ application: 'owlnest', environment: name }, { 'crossplane-providerconfig': name }];
  const lists = await Promise.all(asked.map((one) => taggedResources(one, tags)));
  const resources = lists.flat();
  return {
    environment: name,
    account: calling,
    regions: asked,
    objects: its.length,
    resources: new Set(resources.map(({ arn }) => arn)).size,
    // An object of another environment may stand for what was moved there.
    orphans: orphansOf(resources, objects),
    notSeen: kindsNotSeen(its, schemas),
  };
}

function regionOf({ spec }: KubernetesObject): string {
  return String(asObject(spec?.['forProvider'])['region'] ?? '');
}

/** Kinds without tags are aspects of others (a bucket's policy), or have none in AWS either (a key's alias). */
function kindsNotSeen(objects: readonly KubernetesObject[], schemas: SchemaRegistry): readonly string[] {
  const unseen = objects.filter((object) => {
    const schema = schemas.find(object)?.schema;
    const forProvider = own(own(schema?.properties, 'spec')?.properties, 'forProvider');
    return own(forProvider?.properties, 'tags') === undefined || isOfIam(object);
  });
  return [...new Set(unseen.map(({ apiVersion, kind }) => `${kind}.${groupOf(apiVersion).split('.')[0]}`))].sort();
}

/**
 * Roles and users have tags, and GetResources does not list them.
 * https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/supported-services.html
 */
function isOfIam({ apiVersion, kind }: KubernetesObject): boolean {
  return groupOf(apiVersion).startsWith('iam.') && kind.endsWith('Role');
}
