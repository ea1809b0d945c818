import type { Shape } from './shape.ts';

/** Source: AWS KMS API Reference, KeyMetadata; an ARN ends with the key's id. */
const key: Shape['atProvider'] = ({ name, account, region }) => ({
  id: name,
  keyId: name,
  arn: `arn:aws:kms:${region}:${account}:key/${name}`,
});

export const kmsShapes: Readonly<Record<string, Shape>> = {
  Key: {
    // A UUID; of a multi-region key its 32 digits after `mrk-`.
    externalName: (made, { multiRegion }) => (multiRegion === true ? `mrk-${made.hex(32)}` : made.uuid()),
    atProvider: key,
  },
  ReplicaKey: {
    // The id is that of the primary key, at the end of its ARN.
    externalName: (made, { primaryKeyArn }) => String(primaryKeyArn).split('/').at(-1) ?? made.uuid(),
    atProvider: key,
  },
  Alias: {
    atProvider: ({ name, account, region }) => ({
      id: name,
      arn: `arn:aws:kms:${region}:${account}:${name}`,
    }),
  },
};
