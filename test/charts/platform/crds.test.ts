import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { environmentFile, platformFiles } from '../../../charts/platform/index.ts';
import { asObject, isList, isObject } from '../../../crossplane/schema/json.ts';
import { checkStructure } from '../../../crossplane/schema/check.ts';
import type { StructuralSchema } from '../../../crossplane/schema/structural.ts';
import type { Json, JsonObject } from '../../../imports/base.ts';
import { ACCOUNT, environment, platformInput, release } from './rendered.ts';

/** The kept CRDs of Crossplane. */
const archive = new URL('../../../imports/crds/crossplane-v2.4.0.ndjson.gz', import.meta.url);

/** Schemas by `<group>/<version> <kind>`. */
function crossplaneSchemas(): ReadonlyMap<string, StructuralSchema> {
  const lines = gunzipSync(readFileSync(archive)).toString('utf8').split('\n');
  const crds = lines.filter((line) => line !== '').map((line) => asObject(JSON.parse(line))['spec']);
  return new Map(crds.flatMap((spec) => versionsOf(asObject(spec))));
}

function versionsOf(spec: JsonObject): readonly (readonly [string, StructuralSchema])[] {
  const versions: readonly Json[] = isList(spec['versions']) ? spec['versions'] : [];
  return versions.filter(isObject).map((version) => {
    const schema: StructuralSchema = asObject(asObject(version['schema'])['openAPIV3Schema']);
    const metadata: StructuralSchema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
    const kind = String(asObject(spec['names'])['kind']);
    return [
      `${String(spec['group'])}/${String(version['name'])} ${kind}`,
      { ...schema, properties: { ...schema.properties, metadata } },
    ];
  });
}

const objects = [
  ...platformFiles(platformInput('staging')).flatMap((file) => file.objects),
  ...environmentFile({
    environment: environment('staging'),
    account: ACCOUNT,
    region: 'ap-northeast-1',
    protectData: true,
    release,
  }),
].filter(({ apiVersion }) => apiVersion.includes('.crossplane.io/'));

describe("Crossplane's own schemas", () => {
  const schemas = crossplaneSchemas();

  const cases = objects.map((object) => ({ name: `${object.kind} ${object.metadata.name}`, object }));
  test.each(cases)('take $name', ({ object }) => {
    const schema = schemas.get(`${object.apiVersion} ${object.kind}`);
    if (schema === undefined) throw new Error(`Crossplane has no ${object.apiVersion} ${object.kind}.`);
    const plain: Json = JSON.parse(JSON.stringify(object)) as Json;
    expect(checkStructure(schema, plain)).toEqual([]);
  });
});
