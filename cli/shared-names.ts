import { environmentOfName } from '../charts/constructs/naming.ts';
import { awsIdentity, forProviderOf } from '../crossplane/compose/naming.ts';
import { groupOf } from '../crossplane/reference/identity.ts';
import { EXTERNAL_NAME_ANNOTATION } from '../crossplane/reference/marks.ts';
import { resourceName } from '../crossplane/schema/violation.ts';
import type { ProviderFacts, SchemaRegistry } from '../crossplane/schema/registry.ts';
import type { KubernetesObject } from '../imports/base.ts';
import type { LoadedEnvironment } from './environments.ts';

/** An environment and everything that it becomes. */
export interface Rendered {
  readonly environment: LoadedEnvironment;
  readonly objects: readonly KubernetesObject[];
}

/** An object of an environment that stands for something in AWS. */
interface Claim {
  readonly environment: LoadedEnvironment;
  /** `<Kind>.<group>/<name>` */
  readonly id: string;
  readonly externalName: string;
  readonly isRecorded: boolean;
}

/**
 * Law 5 over all files: what AWS has is one object's, of one environment, unless both have declared the move from one to
 * the other. Gives a sentence for each that is claimed twice, and for each name that is another environment's by its form.
 */
export function sharedNames(all: readonly Rendered[], schemas: SchemaRegistry): readonly string[] {
  const claims = new Map<string, Claim[]>();
  for (const { environment, objects } of all) {
    for (const object of objects) {
      const facts = schemas.find(object)?.provider;
      const place = facts === undefined ? undefined : placeInAws(object, environment.account, facts);
      if (place === undefined) continue;
      const id = resourceName(object);
      const externalName = object.metadata.annotations?.[EXTERNAL_NAME_ANNOTATION] ?? '';
      const isRecorded = environment.records[id] !== undefined;
      const claim: Claim = { environment, id, externalName, isRecorded };
      claims.set(place, [...(claims.get(place) ?? []), claim]);
    }
  }
  const shared = [...claims.values()].flatMap(claimedTwice);
  // The aspects of a bucket are claimed with it; said of the bucket, it is said of all.
  const telling = shared.some(({ isRecorded }) => isRecorded) ? shared.filter(({ isRecorded }) => isRecorded) : shared;
  return [...telling.map(({ sentence }) => sentence), ...all.flatMap(({ environment }) => namesOfOthers(environment))];
}

/** Buckets share their names over all accounts and regions. */
function placeInAws(object: KubernetesObject, account: string, facts: ProviderFacts): string | undefined {
  if (!groupOf(object.apiVersion).startsWith('s3.')) {
    const identity = awsIdentity(object, facts);
    return identity === undefined ? undefined : `${account} ${identity}`;
  }
  const { region: _, ...forProvider } = forProviderOf(object);
  return awsIdentity({ ...object, spec: { ...object.spec, forProvider } }, facts);
}

function claimedTwice(
  claims: readonly Claim[],
): readonly { readonly isRecorded: boolean; readonly sentence: string }[] {
  const [one] = claims;
  // Two objects of one environment are a finding of it.
  const other = claims.find(({ environment }) => environment !== one?.environment);
  if (one === undefined || other === undefined) return [];
  if (claims.length === 2 && (isMove(one, other) || isMove(other, one))) return [];
  const [taker, owner] = one.isRecorded && !other.isRecorded ? [one, other] : [other, one];
  const place = taker.isRecorded ? identitiesFile(taker.environment) : taker.environment.file;
  const sentence =
    `${place}: ${taker.id} is ${taker.externalName} in AWS, and so is ${owner.id} of ${owner.environment.file}; ` +
    'give it another name, or declare the move in both files of identities (docs/guides/adopt.md).';
  return [{ isRecorded: taker.isRecorded, sentence }];
}

/** Whether `giver` has declared to give what `taker` has declared to take. */
function isMove(giver: Claim, taker: Claim): boolean {
  const given = giver.environment.records[giver.id]?.movedTo;
  const taken = taker.environment.records[taker.id]?.movedFrom;
  return given === taker.environment.name && taken === giver.environment.name;
}

/**
 * Names that say whose they are: one of production's in the record of `prod` takes production's data, whether production
 * still has a file or not.
 */
function namesOfOthers(environment: LoadedEnvironment): readonly string[] {
  return Object.entries(environment.records).flatMap(([id, { externalName, movedFrom }]) => {
    const owner = environmentOfName(externalName);
    if (owner === undefined || owner === environment.name || owner === movedFrom) return [];
    return [
      `${identitiesFile(environment)}: ${id} is ${externalName}, by its name a resource of ${owner}; ` +
        `declare the move: "movedFrom": "${owner}" here, and the same name with "movedTo": "${environment.name}" and ` +
        `"mode": "adopt" in config/${owner}.identities.json.`,
    ];
  });
}

function identitiesFile({ file }: LoadedEnvironment): string {
  return file.replace(/\.json$/, '.identities.json');
}
