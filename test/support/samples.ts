import { ofForm } from '../../kinds/from-form.ts';
import { madeUp } from '../../kinds/shape.ts';
import type { KindSchema } from '../../crossplane/schema/registry.ts';
import type { StructuralSchema } from '../../crossplane/schema/structural.ts';
import { fieldsOfFormula } from '../../crossplane/schema/external-name.ts';
import { asObject } from '../../crossplane/schema/json.ts';
import type { Json, JsonObject, KubernetesObject } from '../../imports/base.ts';
import { ACCOUNT } from './world.ts';

const HEX = '0123456789abcdef0123456789abcdef';

/** Values that have a form in AWS; any other field takes any text. */
const FIELDS: JsonObject = {
  accountId: ACCOUNT,
  backupVaultName: 'a_vault',
  bucket: 'a-bucket',
  clientId: 'abc123',
  detectorId: HEX,
  distributionId: 'E0123456789ABC',
  domain: 'a.example',
  domainName: 'a.example',
  expectedBucketOwner: ACCOUNT,
  globalTableArn: `arn:aws:dynamodb:eu-central-1:${ACCOUNT}:table/forum`,
  hostedZoneId: 'Z0123456789',
  identityPoolId: 'eu-west-1:01234567-89ab-4cde-8f01-23456789abcd',
  name: 'a_name',
  primaryKeyArn: `arn:aws:kms:eu-central-1:${ACCOUNT}:key/mrk-${HEX}`,
  queueUrl: `https://sqs.eu-west-1.amazonaws.com/${ACCOUNT}/a-queue`,
  region: 'eu-west-1',
  resourceId: 'table/forum',
  secretArn: `arn:aws:secretsmanager:eu-west-1:${ACCOUNT}:secret:a-AbCdEf`,
  secretId: `arn:aws:secretsmanager:eu-west-1:${ACCOUNT}:secret:a-AbCdEf`,
  settingId: '/ssm/a',
  type: 'A',
  url: 'https://a.example',
  userPoolId: 'eu-west-1_abcDEF123',
  zoneId: 'Z0123456789',
};

/** An object of the kind with all that it must have, what its name follows from, and a name where people choose it. */
export function sampleOf(kind: KindSchema): KubernetesObject & { readonly spec: JsonObject } {
  const forProvider = kind.schema.properties?.['spec']?.properties?.['forProvider'] ?? {};
  const taken = fieldsOfFormula(kind.provider?.externalName.formula ?? '');
  const always = new Set([...(forProvider.required ?? []), ...taken, ...(kind.provider?.externalName.within ?? [])]);
  const { class: made, form } = kind.provider?.externalName ?? {};
  const name = form === undefined ? 'a.example' : ofForm(form, madeUp(kind.gvk.kind));
  const draft = (fields: ReadonlySet<string>) => ({
    ...kind.gvk,
    metadata: { name: 'sample', annotations: made === 'chosen' ? { 'crossplane.io/external-name': name } : {} },
    spec: {
      managementPolicies: ['Observe', 'Create', 'Update', 'Delete'],
      providerConfigRef: { kind: 'ProviderConfig', name: 'test' },
      forProvider: fieldsOf(forProvider, fields),
    },
  });
  const missing = kind.validate(draft(always)).map(({ path }) => path.replace('spec.forProvider.', ''));
  return draft(new Set([...always, ...missing]));
}

function fieldsOf(schema: StructuralSchema, names: ReadonlySet<string>): JsonObject {
  return Object.fromEntries([...names].map((name) => [name, FIELDS[name] ?? valueOf(schema.properties?.[name] ?? {})]));
}

function valueOf(schema: StructuralSchema): Json {
  if (schema.enum?.[0] !== undefined) return schema.enum[0];
  if (schema.type === 'array') return [valueOf(schema.items ?? {})];
  const others = schema.additionalProperties;
  if (typeof others === 'object') return { sample: valueOf(others) };
  if (schema.type === 'object') return asObject(fieldsOf(schema, new Set(schema.required ?? [])));
  if (schema.type === 'boolean') return true;
  return schema.type === 'number' || schema.type === 'integer' ? 1 : 'sample';
}
