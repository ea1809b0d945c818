import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { createComposer } from '../../crossplane/compose/compose.ts';
import type { Composer, ComposeRequest } from '../../crossplane/compose/types.ts';
import type { CompositeChart } from '../../crossplane/definition/chart.ts';
import { API_VERSION } from '../../crossplane/definition/api.ts';
import type { Context } from '../../crossplane/definition/context.ts';
import { defineComposite } from '../../crossplane/definition/definition.ts';
import { compositeKindSchema } from '../../crossplane/definition/xrd.ts';
import { EmbeddedControlPlane } from '../../crossplane/embedded/control-plane.ts';
import { standInProvider } from '../../crossplane/embedded/provider.ts';
import { observed } from '../../crossplane/reference/observed.ts';
import { parseLockIndex, schemaRegistry } from '../../crossplane/schema/registry.ts';
import type { KubernetesObject } from '../../imports/base.ts';
import { Table } from '../../imports/dynamodb.ts';
import { Key } from '../../imports/kms.ts';
import { releaseOf } from '../support/release.ts';

const ACCOUNT = '111122223333';

/** A key and a table that takes the key's ARN. */
export function pairIn(chart: CompositeChart, pair: number): Table {
  const key = new Key(chart, `key-${pair}`, {
    why: 'For measuring',
    forProvider: {
      description: `Key ${pair}`,
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      policy: policy(),
    },
  });
  return new Table(chart, `table-${pair}`, {
    why: 'For measuring',
    name: `table-${pair}`,
    forProvider: {
      billingMode: 'PAY_PER_REQUEST',
      hashKey: 'PK',
      rangeKey: 'SK',
      attribute: ['PK', 'SK', 'GSI1PK', 'GSI1SK'].map((name) => ({ name, type: 'S' })),
      globalSecondaryIndex: [{ name: 'GSI1', hashKey: 'GSI1PK', rangeKey: 'GSI1SK', projectionType: 'ALL' }],
      ttl: { enabled: true, attributeName: 'expiresAt' },
      pointInTimeRecovery: { enabled: true },
      streamEnabled: true,
      streamViewType: 'NEW_AND_OLD_IMAGES',
      serverSideEncryption: { enabled: true, kmsKeyArn: observed(key, (status) => status.atProvider.arn) },
    },
  });
}

function policy(): string {
  const statement = {
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
    Action: 'kms:*',
    Resource: '*',
  };
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
}

export function contextFor(environment: string): Context {
  return {
    environment,
    tier: 'development',
    account: ACCOUNT,
    region: 'ap-northeast-1',
    domainName: `${environment}.owlnest.example`,
    tags: { application: 'owlnest', environment },
    protectData: false,
    allowRemoval: [],
    identities: {},
  };
}

const Synthetic = defineComposite({
  kind: 'Synthetic',
  plural: 'synthetics',
  shortNames: [],
  description: 'A composite of any size, for measuring.',
  schema: z.object({ pairs: z.int() }),
  outputs: { tableArn: 'ARN of the first table.' },
  stateful: false,
  context: () => contextFor('bench'),
  chart: (chart, { spec }) => {
    const tables = Array.from({ length: spec.pairs }, (_, pair) => pairIn(chart, pair));
    return { tableArn: observed(tables[0] ?? pairIn(chart, 0), (status) => status.atProvider.arn) };
  },
});

export const readLock = (name: string): string =>
  readFileSync(new URL(`../../imports/lock/${name}.json`, import.meta.url), 'utf8');
const schemas = schemaRegistry(readLock, parseLockIndex(readLock('index')), [compositeKindSchema(Synthetic)]);

export const composer: Composer = createComposer([Synthetic], schemas, releaseOf('1.0.0'));

/** What the function is asked once everything of a composite of `resources` resources exists and is ready. */
export function convergedRequest(resources: number): { readonly request: ComposeRequest; readonly passes: number } {
  const plane = new EmbeddedControlPlane(composer, schemas, standInProvider(ACCOUNT, schemas));
  const object: KubernetesObject = {
    apiVersion: API_VERSION,
    kind: 'Synthetic',
    metadata: { name: 'bench', namespace: 'owlnest-bench' },
    spec: { pairs: resources / 2 },
  };
  const violations = plane.apply(object);
  const { ready, passes, objects } = plane.converge();
  const composite = objects.find(({ kind }) => kind === 'Synthetic');
  if (!ready || composite === undefined) {
    throw new Error(`The composite of ${resources} does not converge: ${JSON.stringify(violations)}`);
  }
  return { request: { composite, resources: plane.composedBy(composite) }, passes };
}
