/** The real charts, and the family of the law tests in two releases, as the real core gets them. */
import { readFileSync } from 'node:fs';
import { compositeKinds } from '../../charts/index.ts';
import { specOf, type EnvironmentFile } from '../../config/environment.ts';
import { createComposer } from '../../crossplane/compose/compose.ts';
import type { Composer } from '../../crossplane/compose/types.ts';
import { API_VERSION } from '../../crossplane/definition/api.ts';
import type { CompositeKind } from '../../crossplane/definition/definition.ts';
import { compositionName, functionName, type Release } from '../../crossplane/definition/release.ts';
import { compositionOf, xrdOf } from '../../crossplane/definition/xrd.ts';
import { EmbeddedControlPlane } from '../../crossplane/embedded/control-plane.ts';
import { standInProvider, type StandInProvider as StandInAws } from '../../crossplane/embedded/provider.ts';
import { groupOf } from '../../crossplane/reference/identity.ts';
import { asObject } from '../../crossplane/schema/json.ts';
import type { JsonObject, KubernetesObject } from '../../imports/base.ts';
import { family } from '../support/family.ts';
import { initialisation } from './harness/initialised.ts';
import type { Aws } from './harness/provider.ts';
import { ACCOUNT, schemasOf } from '../support/world.ts';

/** One release of some kinds: its function, and what core must know of it. */
export interface Package {
  readonly name: string;
  readonly composer: Composer;
  readonly objects: readonly KubernetesObject[];
}

/** The charts and the families in releases of one test file. */
export interface SpineWorld {
  readonly checkout: Release;
  readonly charts: Package;
  readonly releases: Readonly<Record<1 | 2, Release>>;
  readonly families: Readonly<Record<1 | 2, Package>>;
}

/**
 * Releases are called by the file, so that files which share a control plane do not answer each other's composites.
 * @param file a word
 */
export function spineWorldOf(file: string): SpineWorld {
  const checkout = { version: `0.1.0-${file}` };
  const releases = { 1: { version: `1.0.0-${file}` }, 2: { version: `2.0.0-${file}` } };
  return {
    checkout,
    charts: packageOf(compositeKinds, checkout),
    releases,
    families: { 1: packageOf(family(1), releases[1]), 2: packageOf(family(2), releases[2]) },
  };
}

/** A function's package for these kinds at a release. */
export function packageOf(kinds: readonly CompositeKind[], release: Release): Package {
  return {
    name: functionName(release),
    composer: createComposer(kinds, schemasOf(kinds), release),
    objects: [...kinds.map(xrdOf), ...kinds.map((kind) => compositionOf(kind, release))],
  };
}

/** A family's parent, pinned to a release; `more` goes into its spec. */
export function parentIn(
  namespace: string,
  name: string,
  release: Release,
  { values = {}, ...more }: JsonObject & { readonly values?: JsonObject } = {},
): KubernetesObject {
  return {
    apiVersion: API_VERSION,
    kind: 'Parent',
    metadata: { name, namespace },
    spec: {
      values: { topics: 'a', tables: 'x', body: 'one', text: 'p', ...values },
      ...more,
      crossplane: { compositionRef: { name: compositionName('Parent', release) } },
    },
  };
}

/** An environment as its file in `config/` has it, pinned to a release. */
export function environmentIn(namespace: string, name: string, release: Release): KubernetesObject {
  const file = readFileSync(new URL(`../../config/${name}.json`, import.meta.url), 'utf8');
  return {
    apiVersion: API_VERSION,
    kind: 'Environment',
    metadata: { name, namespace },
    spec: {
      ...(specOf(JSON.parse(file) as EnvironmentFile) as JsonObject),
      crossplane: { compositionRef: { name: compositionName('Environment', release) } },
    },
  };
}

/** An environment of all that can be switched on in the layers that there are, pinned to a release. */
export function everythingIn(namespace: string, release: Release): KubernetesObject {
  const production = environmentIn(namespace, 'production', release);
  const spec: JsonObject = {
    environment: 'everything',
    tier: 'staging',
    storage: {
      table: { billing: 'provisioned', replica: true, contributorInsights: 'all-keys' },
      files: { replica: true, objectLockDays: 30, extraUploadOrigins: ['http://localhost:5173'] },
    },
  };
  return { ...production, metadata: { name: 'everything', namespace }, spec: { ...production.spec, ...spec } };
}

/** The environment on the embedded control plane, with the same AWS behind it, and with what the provider writes into specs. */
export function converged(object: KubernetesObject, { composer }: Package): readonly KubernetesObject[] {
  const schemas = schemasOf([...compositeKinds, ...family(1)]);
  const plane = new EmbeddedControlPlane(composer, schemas, awsOf());
  plane.apply(object);
  return plane.converge().objects.map((object) => {
    const { forProvider, ...more } = schemas.find(object)?.provider === undefined ? {} : (initialisation(object) ?? {});
    const tags = {
      ...asObject(asObject(object.spec?.['forProvider'])['tags']),
      ...asObject(asObject(forProvider)['tags']),
    };
    const own = forProvider === undefined ? {} : { forProvider: { ...asObject(object.spec?.['forProvider']), tags } };
    return { ...object, spec: { ...object.spec, ...more, ...own } };
  });
}

/** AWS as both control planes have it. */
export function awsOf(): StandInAws {
  return standInProvider(ACCOUNT, schemasOf([]));
}

/** An AWS for each namespace, or whatever else is said, as each environment has an account. */
export interface Accounts extends Aws {
  of(name: string | undefined): StandInAws;
}

/**
 * Names in AWS are unique in an account: in one for all, what a test leaves behind, and Kubernetes is still deleting,
 * would be taken for the next test's.
 * @param nameOf the account that an object belongs to
 */
export function accountsOf(nameOf = ({ metadata }: KubernetesObject) => metadata.namespace): Accounts {
  const accounts = new Map<string, StandInAws>();
  const of = (name = ''): StandInAws => {
    const account = accounts.get(name) ?? awsOf();
    accounts.set(name, account);
    return account;
  };
  return {
    of,
    reconcile(object, faults) {
      const account = of(nameOf(object));
      const before = account.creations.length;
      const report = account.reconcile(object, faults);
      return report === undefined ? undefined : { ...report, created: account.creations[before]?.externalName };
    },
    remove: (object) => of(nameOf(object)).remove(object),
    restart: () => {
      for (const account of accounts.values()) account.restart();
    },
  };
}

/** CRD names of every managed kind that the charts render: for the three environments, and with all switched on. */
export function chartCrds(): readonly string[] {
  const { charts, checkout } = spineWorldOf('crds');
  const environments = ['development', 'staging', 'production'].map((name) => environmentIn('any', name, checkout));
  return managedCrds([...environments, everythingIn('any', checkout)].flatMap((one) => converged(one, charts)));
}

/** CRD names of every managed kind of the families. */
export function familyCrds(): readonly string[] {
  const { releases, families } = spineWorldOf('crds');
  return managedCrds(
    ([1, 2] as const).flatMap((one) => converged(parentIn('any', 'test', releases[one]), families[one])),
  );
}

/** CRD names of every managed kind among the objects. */
export function managedCrds(objects: readonly KubernetesObject[]): readonly string[] {
  const schemas = schemasOf([]);
  const names = objects.flatMap((object) => {
    const kind = schemas.find(object);
    return kind?.provider === undefined ? [] : [`${kind.plural}.${groupOf(object.apiVersion)}`];
  });
  return [...new Set(names)].sort();
}

/** What must be equal on both control planes: identity, metadata of ours and core's, spec; not what each makes up. */
export function normalised(objects: readonly KubernetesObject[]): readonly unknown[] {
  return objects
    .map(({ apiVersion, kind, metadata, spec }) => {
      const { crossplane, ...rest } = spec ?? {};
      const compositionRef =
        typeof crossplane === 'object' && crossplane !== null ? Reflect.get(crossplane, 'compositionRef') : undefined;
      const { 'crossplane.io/in-use': _, ...labels } = metadata.labels ?? {};
      return sorted({
        apiVersion,
        kind,
        name: metadata.name,
        labels,
        annotations: metadata.annotations ?? {},
        owner: metadata.ownerReferences?.map((owner) => [owner['kind'] ?? null, owner['name'] ?? null]) ?? [],
        spec: { ...rest, ...(compositionRef === undefined ? {} : { compositionRef }) },
      });
    })
    .sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}
