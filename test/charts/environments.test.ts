/** Every environment of config/, as it ends on the embedded control plane. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { environmentSchema } from '../../config/environment.ts';
import { loadEnvironments, type LoadedEnvironment } from '../../cli/environments.ts';
import { convergeEnvironment } from '../../cli/rendering.ts';
import { openToolchain } from '../../cli/toolchain.ts';
import { toYaml } from '../../cli/yaml.ts';
import { asObject } from '../../crossplane/schema/json.ts';
import type { KubernetesObject } from '../../imports/base.ts';
import { parentText } from '../../report/layers.ts';
import { previewFiles } from '../../report/preview.ts';
import { releaseOf } from '../support/release.ts';

const root = new URL('../../', import.meta.url);
const toolchain = openToolchain(releaseOf('0.1.0'));
const environments = loadEnvironments(toolchain.schemas, toolchain.release).map((environment) =>
  convergeEnvironment(environment, toolchain),
);

/** What is named after a secret and holds none: the units of a token's lifetime. */
const NO_SECRETS = ['tokenValidityUnits'];

/** Paths of fields that are named like a secret and hold text: law 10 wants a reference (`{name, key}`) there. */
function secretsIn(value: unknown, path = 'spec'): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const here = `${path}.${key}`;
    if (NO_SECRETS.includes(key)) return [];
    const isText = typeof item === 'string' && /password|secret|token|privatekey|credential/i.test(key);
    return isText ? [here] : secretsIn(item, here);
  });
}

it('law 10 is checked by a search that finds a secret in text, and lets a reference pass', () => {
  const spec = {
    forProvider: { list: [{ masterPassword: 'hunter2' }], passwordSecretRef: { name: 'db', key: 'password' } },
  };
  expect(secretsIn(spec)).toEqual(['spec.forProvider.list.0.masterPassword']);
});

/** What cannot be had again once it is gone, in AWS's own words: the documentation of each deletion says so. */
const KEEPS_DATA = new Set([
  'Table',
  'Bucket',
  'Key',
  'ReplicaKey',
  'UserPool',
  'UserGroup',
  'UserPoolClient',
  // Of identities.
  'Pool',
]);
/** What keeps a bucket's objects encrypted, private, in versions and undeleted. */
const GUARDS_DATA = new Set([
  'BucketObjectLockConfiguration',
  'BucketOwnershipControls',
  'BucketPolicy',
  'BucketPublicAccessBlock',
  'BucketServerSideEncryptionConfiguration',
  'BucketVersioning',
]);

describe.each(environments.map((one) => [one.environment.name, one] as const))(
  '%s',
  (name, { report, ready, objects }) => {
    it('is ready, without a finding', () => {
      expect(report.findings).toEqual([]);
      expect(ready).toBe(true);
    });

    it('has the identities that people have reviewed', () => {
      const files = previewFiles(report, toYaml);
      const inventory = files.find(({ path }) => path.endsWith('inventory.txt'))?.text;
      expect(inventory).toBe(readFileSync(new URL(`test/golden/inventory/${name}.txt`, root), 'utf8'));
    });

    it('has objects that name the config path that they come from, and say why they are there', () => {
      const composed = objects.filter(({ kind }) => kind !== 'Environment');
      expect(composed.length).toBeGreaterThan(0);
      for (const { metadata } of composed) {
        const [section = ''] = (metadata.annotations?.['owlnest.io/config'] ?? '').split('.');
        expect(Object.keys(environmentSchema.shape)).toContain(section);
        expect(metadata.annotations?.['owlnest.io/why']).toMatch(/^[A-Z].*[^.]$/);
      }
    });

    it('has labels on every object that say where it belongs: environment, layer, and the store of a bucket', () => {
      for (const { name: layer, composites, resources } of report.layers) {
        const stores = composites.filter(({ kind }) => kind === 'ObjectStore').map((store) => store.metadata.name);
        const storeOf = (object: KubernetesObject) =>
          stores.find((store) => [object.metadata.name, parentText(object)?.split('/')[1]].includes(store));
        for (const object of [...composites, ...resources]) {
          const store = storeOf(object)?.slice(`${name}-storage-`.length);
          const { labels = {} } = object.metadata;
          expect([object.metadata.name, labels]).toEqual([
            object.metadata.name,
            expect.objectContaining({ 'owlnest.io/environment': name, 'owlnest.io/layer': layer }),
          ]);
          expect([object.metadata.name, labels['owlnest.io/store']]).toEqual([object.metadata.name, store]);
        }
      }
    });

    it('has no secret in text (law 10)', () => {
      for (const { spec, status } of objects) expect([...secretsIn(spec), ...secretsIn(status)]).toEqual([]);
    });

    it('sets every safety-relevant field itself', () => {
      for (const { apiVersion, kind, spec, metadata } of objects.filter((object) =>
        object.apiVersion.includes('.aws.m.'),
      )) {
        expect([apiVersion, spec?.['providerConfigRef']]).toEqual([apiVersion, { kind: 'ProviderConfig', name }]);
        expect(spec?.['managementPolicies']).not.toContain('LateInitialize');
        expect(spec?.['managementPolicies']).not.toContain('*');
        // By what the kinds are, not by what the charts have marked.
        const stays = KEEPS_DATA.has(kind) || GUARDS_DATA.has(kind);
        expect([kind, (spec?.['managementPolicies'] as string[]).includes('Delete')]).toEqual([kind, !stays]);
        expect([kind, metadata.labels?.['owlnest.io/holds-data']]).toEqual([
          kind,
          KEEPS_DATA.has(kind) ? 'true' : undefined,
        ]);
      }
    });
  },
);

it('tags of the config stand beside ours, never over them: the bill and owlnest orphans go by these', () => {
  const [environment] = environments.map((one) => one.environment).filter(({ name }) => name === 'production');
  const spec = asObject(environment?.object.spec);
  const tags = { team: 'forum', application: 'other', environment: 'other', component: 'other' };
  const tagged = { ...environment, object: { ...environment?.object, spec: { ...spec, tags } } } as LoadedEnvironment;
  const found = convergeEnvironment(tagged, toolchain)
    .objects.map((object) => asObject(asObject(object.spec?.['forProvider'])['tags']))
    .filter((one) => Object.keys(one).length > 0);
  expect(found.length).toBeGreaterThan(10);
  for (const { component, ...others } of found) {
    expect(others).toMatchObject({ team: 'forum', application: 'owlnest', environment: 'production' });
    expect(component).not.toBe('other');
  }
});
