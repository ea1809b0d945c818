import type { Shape } from './shape.ts';

/** Source: AWS KMS API Reference, KeyMetadata; an ARN ends with the key's id, a UUID (`mrk-` for multi-region keys). */
export const kmsShapes: Readonly<Record<string, Shape>> = {
  Key: {
    externalName: (made) => made.uuid(),
    atProvider: ({ name, account, region }) => ({
      id: name,
      keyId: name,
      arn: `arn:aws:kms:${region}:${account}:key/${name}`,
    }),
  },
  ReplicaKey: {
    externalName: (made) => made.uuid(),
    atProvider: ({ name, account, region }) => ({
      id: name,
      keyId: name,
      arn: `arn:aws:kms:${region}:${account}:key/${name}`,
    }),
  },
  Alias: {
    atProvider: ({ name, account, region }) => ({
      id: name,
      arn: `arn:aws:kms:${region}:${account}:${name}`,
    }),
  },
};
