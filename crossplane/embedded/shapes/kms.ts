import type { Shape } from './shape.ts';

/** Source: AWS KMS API Reference, KeyMetadata; an ARN ends with the key's id. */
const key: Shape['atProvider'] = ({ name, account, region }) => ({
  id: name,
  keyId: name,
  arn: `arn:aws:kms:${region}:${account}:key/${name}`,
});

export const kmsShapes: Readonly<Record<string, Shape>> = {
  Key: {
    // Of a multi-region key its 32 digits after `mrk-`.
    externalName: (made, { multiRegion }) => (multiRegion === true ? `mrk-${made.hex(32)}` : made.uuid()),
    atProvider: key,
  },
  // Its id is that of the primary key.
  ReplicaKey: { atProvider: key },
  Alias: {
    atProvider: ({ name, account, region }) => ({
      id: `alias/${name}`,
      arn: `arn:aws:kms:${region}:${account}:alias/${name}`,
    }),
  },
};
