import { groupOf } from '../crossplane/reference/identity.ts';
import { EXTERNAL_NAME_ANNOTATION } from '../crossplane/reference/marks.ts';
import { asObject, isList } from '../crossplane/schema/json.ts';
import { resourceName } from '../crossplane/schema/violation.ts';
import type { Json, JsonObject, KubernetesObject } from '../imports/base.ts';

/** Tags that the provider sets on all that it makes: kind (`table.dynamodb.aws.m.upbound.io`) and name of the object. */
export const KIND_TAG = 'crossplane-kind';
export const NAME_TAG = 'crossplane-name';

/** A resource of AWS, as the Resource Groups Tagging API lists it. */
export interface TaggedResource {
  readonly arn: string;
  /** Where it was listed: the ARN of a bucket or a role names none. */
  readonly region: string;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * What is known of the object that the tags of an orphan speak of.
 * - `doubled`: it is there, and stands for another resource of the same type: AWS made two for one object
 * - `unnamed`: it is there and stands for nothing yet: it is being made, or its name was lost
 * - `copied`: the resource is of another type than what the object stands for; AWS copies tags to backups and the like
 * - `left`: there is no such object
 */
export type OrphanState = 'doubled' | 'unnamed' | 'copied' | 'left';

/** A resource that no object stands for. */
export interface Orphan extends TaggedResource {
  readonly state: OrphanState;
  /** The object that it was made for, `<kind>.<group>/<name>` in the provider's lower case; some tags name none. */
  readonly madeFor?: string;
  /** What that object stands for instead: its ARN, or its external name as long as it has no ARN. */
  readonly instead?: string;
  /** Objects that mention it in their spec or status, sorted: something uses it still. */
  readonly mentionedBy: readonly string[];
}

/**
 * The resources that no object stands for, each once, in the order of their ARNs. An object stands for the resource
 * whose ARN its status has as its own, or whose ARN ends with its external name as long as its status has no ARN.
 * What an object merely mentions (the key of a table) it does not stand for.
 * @param objects managed resources of the provider, of all environments that may stand for something
 */
export function orphansOf(
  resources: readonly TaggedResource[],
  objects: readonly KubernetesObject[],
): readonly Orphan[] {
  const known = objects.map(knownObject);
  const stoodFor = new Set(known.flatMap(({ arns }) => arns));
  const unseen = known.filter(({ arns }) => arns.length === 0);
  const listed = resources.map((resource) => [plainArn(resource.arn), resource] as const);
  const named = listed.filter(
    ([arn, resource]) => stoodFor.has(arn) || unseen.some((object) => isCalled(object, arn, resource)),
  );
  const namedArns = new Set(named.map(([arn]) => arn));
  return [...new Map(listed)]
    .filter(([arn]) => !namedArns.has(arn))
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([arn, resource]) => {
      const madeFor = makerOf(resource.tags);
      const makers = known.filter(({ maker }) => maker === madeFor);
      const mentionedBy = known.filter(({ text }) => mentions(text, arn)).map(({ name }) => name);
      return {
        ...resource,
        ...(madeFor !== undefined && { madeFor }),
        ...stateOf(arn, makers),
        mentionedBy: mentionedBy.sort(),
      };
    });
}

/** What of an object the comparison needs. */
interface KnownObject {
  /** `<Kind>.<group>/<name>` */
  readonly name: string;
  /** As the provider's tags say it. */
  readonly kind: string;
  readonly maker: string;
  readonly region: string | undefined;
  readonly externalName: string;
  /** Of what it stands for; none as long as its status has none. */
  readonly arns: readonly string[];
  /** Spec and status as JSON. */
  readonly text: string;
}

function knownObject(object: KubernetesObject): KnownObject {
  const { metadata, spec, status } = object;
  const kind = `${object.kind}.${groupOf(object.apiVersion)}`.toLowerCase();
  const region = asObject(spec?.['forProvider'])['region'];
  return {
    name: resourceName(object),
    kind,
    maker: `${kind}/${metadata.name}`,
    region: typeof region === 'string' ? region : undefined,
    externalName: metadata.annotations?.[EXTERNAL_NAME_ANNOTATION] ?? '',
    arns: arnsOf(object),
    text: JSON.stringify([spec ?? null, status ?? null]),
  };
}

/**
 * The ARNs of what the object stands for. One that somebody sets (`forProvider.arn` of a rule's target) is another
 * resource's. A table stands for its copies in other regions, too.
 */
function arnsOf({ kind, metadata, spec, status }: KubernetesObject): readonly string[] {
  const atProvider = asObject(status?.['atProvider']);
  const isChosen = [spec?.['forProvider'], spec?.['initProvider']].some((wanted) => 'arn' in asObject(wanted));
  const replicas = kind === 'Table' ? listOf(atProvider['replica']).map(({ arn }) => arn) : [];
  return [
    isChosen ? undefined : atProvider['arn'],
    atProvider['id'],
    metadata.annotations?.[EXTERNAL_NAME_ANNOTATION],
    ...replicas,
  ]
    .filter((text) => typeof text === 'string' && text.startsWith('arn:'))
    .map((text) => plainArn(String(text)));
}

function listOf(value: Json | undefined): readonly JsonObject[] {
  return isList(value) ? value.map(asObject) : [];
}

/** Log groups are listed with `:*` at the end in some places and without in others. */
function plainArn(arn: string): string {
  return arn.replace(/:\*$/, '');
}

/** Whether the resource has the kind, the region and the external name of an object whose status has no ARN yet. */
function isCalled({ kind, externalName, region }: KnownObject, arn: string, resource: TaggedResource): boolean {
  if (externalName === '' || resource.tags[KIND_TAG] !== kind) return false;
  if (region !== undefined && region !== resource.region) return false;
  return [':', '/'].some((before) => arn.endsWith(`${before}${externalName}`));
}

function makerOf(tags: TaggedResource['tags']): string | undefined {
  const [kind, name] = [tags[KIND_TAG], tags[NAME_TAG]];
  return kind === undefined || name === undefined ? undefined : `${kind}/${name}`;
}

/** @param makers objects of the kind and name that the tags say: namespaces may each have one */
function stateOf(arn: string, makers: readonly KnownObject[]): Pick<Orphan, 'state' | 'instead'> {
  if (makers.length === 0) return { state: isRecoveryPoint(arn) ? 'copied' : 'left' };
  const others = makers.flatMap(({ arns }) => arns);
  const alike = others.find((other) => typeOf(other) === typeOf(arn));
  if (alike !== undefined) return { state: 'doubled', instead: alike };
  const [other] = others;
  if (other !== undefined || isRecoveryPoint(arn)) {
    return { state: 'copied', ...(other !== undefined && { instead: other }) };
  }
  const externalName = makers.map((maker) => maker.externalName).find((name) => name !== '');
  return externalName === undefined ? { state: 'unnamed' } : { state: 'doubled', instead: externalName };
}

/**
 * AWS Backup may copy a resource's tags to its backups, which outlive it.
 * https://docs.aws.amazon.com/aws-backup/latest/devguide/recov-point-create-a-backup.html
 */
function isRecoveryPoint(arn: string): boolean {
  return arn.includes(':recovery-point:') || arn.includes(':recovery-point/');
}

/** Partition, service and type: `aws:kms:key`; API Gateway's are paths, of which every other part is a type. */
function typeOf(arn: string): string {
  const [, partition, service, , , ...rest] = arn.split(':');
  const resource = rest.join(':');
  const parts = resource.split(/[/:]/);
  const types = resource.startsWith('/') ? parts.filter((_, index) => index % 2 === 1) : parts.slice(0, -1).slice(0, 1);
  return [partition, service, ...types].join(':');
}

/** Shorter names (`live`, `default`) stand in texts that speak of something else. */
const TELLING = 8;

/** Whether a text of JSON has the ARN in it, or its last part as a whole value: the id of a key, the name of a bucket. */
function mentions(text: string, arn: string): boolean {
  const last = arn.split(/[/:]/).at(-1) ?? '';
  if (last.length >= TELLING && text.includes(JSON.stringify(last))) return true;
  for (let at = text.indexOf(arn); at >= 0; at = text.indexOf(arn, at + 1)) {
    // `…:table/posts` does not stand in `…:table/posts-archive`.
    if (!/[\w.-]/.test(text.charAt(at + arn.length))) return true;
  }
  return false;
}
