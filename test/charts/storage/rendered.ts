import { storageSection } from '../../../config/storage.ts';
import type { z } from 'zod';
import { openWorkshop } from '../../../cli/workshop.ts';
import type { Context } from '../../../crossplane/definition/context.ts';
import { API_VERSION } from '../../../crossplane/definition/definition.ts';
import { compositionName } from '../../../crossplane/definition/release.ts';
import { EmbeddedControlPlane } from '../../../crossplane/embedded/control-plane.ts';
import { findingsOf, type Finding } from '../../../crossplane/embedded/findings.ts';
import type { AwsResource } from '../../../crossplane/embedded/aws.ts';
import { standInProvider } from '../../../crossplane/embedded/provider.ts';
import { asObject } from '../../../crossplane/schema/json.ts';
import type { JsonObject, KubernetesObject } from '../../../imports/base.ts';

export const ACCOUNT = '123456789012';
export const HERE = 'ap-northeast-1';
export const THERE = 'ap-northeast-3';

export const workshop = openWorkshop();

const context: Context = {
  environment: 'production',
  tier: 'production',
  account: ACCOUNT,
  region: HERE,
  replicaRegion: THERE,
  domainName: 'owlnest.example',
  tags: { costCenter: 'community' },
  protectData: true,
  allowRemoval: [],
  identities: {},
};

export type Section = z.input<typeof storageSection>;

/** The composite of the layer, named as the Environment names it. */
export function storageComposite(section: Section = {}, more: Partial<Context> = {}): KubernetesObject {
  const inside = { ...context, ...more };
  const spec = {
    ...storageSection.parse(section),
    context: inside,
    crossplane: { compositionRef: { name: compositionName('Storage', workshop.release) } },
  };
  return {
    apiVersion: API_VERSION,
    kind: 'Storage',
    metadata: { name: `${inside.environment}-storage`, namespace: `owlnest-${inside.environment}` },
    spec: JSON.parse(JSON.stringify(spec)) as JsonObject,
  };
}

/** The layer on a control plane of its own, over an AWS that may have something already. */
export class StorageWorld {
  readonly #provider;
  readonly plane: EmbeddedControlPlane;

  constructor(existing: readonly KubernetesObject[] = []) {
    this.#provider = standInProvider(ACCOUNT, workshop.schemas, undefined, existing);
    this.plane = new EmbeddedControlPlane(workshop.composer, workshop.schemas, this.#provider);
  }

  /** Applies the layer and lets it come to rest; gives what is still wrong. */
  apply(section?: Section, more?: Partial<Context>): readonly Finding[] {
    const refused = this.plane.apply(storageComposite(section, more));
    if (refused.length > 0) throw new Error(refused.map(({ message }) => message).join('\n'));
    return findingsOf(this.plane.converge(), workshop.schemas);
  }

  /** What AWS has of a kind. */
  inAws(kind: string): readonly AwsResource[] {
    return [...this.#provider.aws.values()].filter((resource) => resource.kind === kind);
  }

  /** The objects of a kind. */
  all(kind: string): readonly KubernetesObject[] {
    return this.plane.store.list().filter((object) => object.kind === kind);
  }

  /** The one object of this kind whose name ends so; throws when it is not there. */
  one(kind: string, end: string): KubernetesObject {
    const [found, ...others] = this.all(kind).filter(({ metadata }) => metadata.name === `production-storage-${end}`);
    if (found === undefined || others.length > 0) {
      const names = this.all(kind).map(({ metadata }) => metadata.name);
      throw new Error(`There is no one ${kind} production-storage-${end}, but ${names.join(', ')}.`);
    }
    return found;
  }
}

/** The layer at rest; throws when anything is wrong with it. */
export function storageWith(section?: Section, more?: Partial<Context>): StorageWorld {
  const world = new StorageWorld();
  const findings = world.apply(section, more);
  if (findings.length > 0) throw new Error(findings.map(({ message }) => message).join('\n'));
  return world;
}

/** Everything that can be switched on. */
export const EVERYTHING = {
  table: { replica: true, billing: 'provisioned', contributorInsights: 'throttled-keys' },
  files: { replica: true, objectLockDays: 30, extraUploadOrigins: ['http://localhost:5173'] },
} satisfies Section;

export function forProvider(object: KubernetesObject): JsonObject {
  return asObject(object.spec?.['forProvider']);
}

/** Statements of a policy document that an object holds as text. */
export function statements(object: KubernetesObject, field = 'policy'): readonly Statement[] {
  const document = JSON.parse(String(forProvider(object)[field])) as { readonly Statement: readonly Statement[] };
  return document.Statement;
}

export interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Principal?: '*' | Readonly<Record<string, string>>;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** Actions of a statement as a list. */
export function actionsOf({ Action }: Statement): readonly string[] {
  return typeof Action === 'string' ? [Action] : Action;
}
