/**
 * What `npm start` writes, checked by Crossplane's own command line as a person would do it: against the pinned CRDs and
 * our XRDs, without a control plane and without a network.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { toYaml } from '../../cli/yaml.ts';
import { asObject, isKubernetesObject } from '../../crossplane/schema/json.ts';
import type { Json, JsonObject, KubernetesObject } from '../../imports/base.ts';
import { owlnest, removeFolders, run, temporaryFolder, treeOf } from '../cli/command.ts';
import { damaged } from '../config/arbitrary.ts';
import { coreCrds, providerCrds } from './harness/crds.ts';
import { managedCrds } from './spine-world.ts';
import { builtCommandLine } from './tools/binaries.ts';

const folder = temporaryFolder();
const dist = join(folder, 'dist');
const schemas = join(folder, 'schemas');
afterAll(removeFolders);

/** Nothing listens there: whatever is asked of a registry fails, and with it the command. */
const NO_NETWORK = { HTTPS_PROXY: 'http://127.0.0.1:9', HTTP_PROXY: 'http://127.0.0.1:9' };

const answer = z.object({
  resources: z.array(
    z.object({
      kind: z.string(),
      name: z.string(),
      namespace: z.string().optional(),
      status: z.string(),
      errors: z.array(z.object({ message: z.string() })).default([]),
    }),
  ),
});

let written: Readonly<Record<string, string>>;
beforeAll(async () => {
  expect(await owlnest(['render', '--out', dist])).toMatchObject({ code: 0 });
  written = treeOf(dist);
  const managed = managedCrds(objectsIn(filesIn('preview')));
  mkdirSync(schemas);
  for (const crd of [...coreCrds(), ...providerCrds([...managed, 'providerconfigs.aws.m.upbound.io'])]) {
    // JSON is YAML, but only a file of this name is read.
    writeFileSync(join(schemas, `${crd.metadata.name}.yaml`), JSON.stringify(crd));
  }
});

/** The files with objects below a folder of `dist/`; Helm values are none. */
function filesIn(name: string): readonly string[] {
  return Object.keys(written).filter(
    (path) => new RegExp(`^${name}/.*\\.yaml$`).test(path) && !path.includes('/helm/'),
  );
}

function objectsIn(files: readonly string[]): readonly KubernetesObject[] {
  const documents = files.flatMap((file) => parseAllDocuments(written[file] ?? ''));
  return documents.map((document): unknown => document.toJS()).filter(isKubernetesObject);
}

/** What the command says of each object in the files, and how it ends. */
async function validate(paths: readonly string[]) {
  const extensions = [schemas, join(dist, 'platform', '60-kinds.yaml')].join();
  const { code, stdout, stderr } = await run(
    builtCommandLine(),
    [
      'resource',
      'validate',
      extensions,
      paths.join(),
      // Otherwise it asks a registry for the CRDs of Crossplane itself.
      '--crossplane-image=',
      '--error-on-missing-schemas',
      '--output=json',
      `--cache-dir=${join(folder, 'cache')}`,
    ],
    { env: NO_NETWORK },
  );
  if (!stdout.startsWith('{')) throw new Error(`It ended with ${String(code)}: ${stderr}${stdout}`);
  return { code, stderr, verdicts: answer.parse(JSON.parse(stdout)).resources };
}

function nameOf({ kind, metadata: { name, namespace } }: KubernetesObject): string {
  return [kind, namespace ?? '', name].join('/');
}

describe("Crossplane's command line accepts what npm start writes", () => {
  test.each(['preview', 'environments', 'platform'])('dist/%s: every object, and sees all of them', async (name) => {
    const files = filesIn(name);
    const { code, verdicts } = await validate(files.map((file) => join(dist, file)));
    const seen = verdicts.map(({ kind, name: of, namespace = '', status, errors }) => ({
      object: `${kind}/${namespace}/${of}`,
      status,
      errors,
    }));
    const expected = objectsIn(files).map((object) => ({ object: nameOf(object), status: 'valid', errors: [] }));
    expect({ code, seen }).toEqual({ code: 0, seen: expected });
  });

  test('and that is all there is: the previews are of each layer of each environment', () => {
    const { environments } = z
      .object({ environments: z.record(z.string(), z.object({ composites: z.number(), resources: z.number() })) })
      .parse(JSON.parse(written['summary.json'] ?? ''));
    for (const [name, { composites, resources }] of Object.entries(environments)) {
      expect(objectsIn(filesIn(`preview/${name}`))).toHaveLength(composites + resources);
    }
    expect(readdirSync(join(dist, 'preview')).sort()).toEqual(Object.keys(environments).sort());
  });
});

/** What is wrong with the first object of a kind, and what the command says of it. */
interface Wrong {
  readonly what: string;
  readonly kind: string;
  readonly path: readonly (string | number)[];
  /** What stands there; left out, nothing does. */
  readonly value?: Json;
  readonly says: string;
}

const WRONG: readonly Wrong[] = [
  {
    what: 'an unknown field',
    kind: 'Table',
    path: ['spec', 'forProvider', 'billingMood'],
    value: 'PROVISIONED',
    says: 'spec.forProvider.billingMood: Invalid value: "billingMood": unknown field',
  },
  {
    what: 'a missing field',
    kind: 'Table',
    path: ['spec', 'forProvider', 'region'],
    says: 'spec.forProvider.region: Required value',
  },
  {
    what: 'a wrong type',
    kind: 'Table',
    path: ['spec', 'forProvider', 'streamEnabled'],
    value: 'yes',
    says: 'spec.forProvider.streamEnabled in body must be of type boolean',
  },
  {
    what: "a broken rule of the provider's",
    kind: 'Role',
    path: ['spec', 'forProvider', 'assumeRolePolicy'],
    says: 'spec.forProvider.assumeRolePolicy is a required parameter',
  },
  {
    what: 'a broken rule of ours',
    kind: 'Environment',
    path: ['spec', 'replicaRegion'],
    value: 'ap-northeast-1',
    says: 'spec.replicaRegion: Invalid value: the replicas must be in another region',
  },
  {
    what: 'a setting that is none',
    kind: 'Environment',
    path: ['spec', 'storage', 'tabel'],
    value: {},
    says: 'spec.storage.tabel: Invalid value: "tabel": unknown field',
  },
  {
    what: 'an unknown field of a kind of Crossplane',
    kind: 'Composition',
    path: ['spec', 'pipelin'],
    value: [],
    says: 'spec.pipelin: Invalid value: "pipelin": unknown field',
  },
  {
    what: 'an unknown field of a kind of Kubernetes',
    kind: 'ClusterRole',
    path: ['rulez'],
    value: [],
    says: 'unknown field "rulez"',
  },
];

describe("Crossplane's command line refuses what is damaged", () => {
  /** The file with the first object of the kind, with that object changed. */
  async function validateWith(kind: string, change: (object: JsonObject) => Json) {
    const files = Object.keys(written).filter((path) => path.endsWith('.yaml'));
    const file = files.find((path) => objectsIn([path]).some((object) => object.kind === kind));
    const objects = objectsIn([file ?? '']);
    const first = objects.find((object) => object.kind === kind);
    if (first === undefined) throw new Error(`Nothing of dist/ is a ${kind}.`);
    const changed = objects.map((object): unknown => (object === first ? change(asObject(object)) : object));
    const path = join(folder, 'damaged.yaml');
    writeFileSync(path, toYaml(changed.filter(isKubernetesObject)));
    const { verdicts, ...end } = await validate([path]);
    expect(verdicts).toHaveLength(objects.length);
    return { ...end, first, refused: verdicts.filter(({ status }) => status !== 'valid') };
  }

  test.each(WRONG)('$what: one object, and what is wrong; ends with 1', async ({ kind, path, value, says }) => {
    const damage = { kind: value === undefined ? 'missing' : 'wrong', path, value: value ?? null };
    const { code, stderr, first, refused } = await validateWith(kind, (object) => damaged(object, damage));
    expect({ code, stderr, refused }).toEqual({
      code: 1,
      stderr: expect.stringContaining('could not validate all resources'),
      refused: [
        expect.objectContaining({
          kind,
          name: first.metadata.name,
          status: 'invalid',
          errors: [{ message: expect.stringContaining(says) }],
        }),
      ],
    });
  });

  test('a kind without a schema: one object; ends with 1', async () => {
    const { code, refused, first } = await validateWith('Table', (object) => ({ ...object, kind: 'Tabel' }));
    expect({ code, refused }).toEqual({
      code: 1,
      refused: [expect.objectContaining({ kind: 'Tabel', name: first.metadata.name, status: 'missingSchema' })],
    });
  });
});
