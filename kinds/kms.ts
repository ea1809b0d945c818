import { regionOf, type KindFacts, type ServiceFacts } from './facts.ts';
import type { Shape } from './shape.ts';

/** Source: AWS KMS API Reference, KeyMetadata; an ARN ends with the key's id. */
const key: Shape['atProvider'] = ({ name, account, region }) => ({
  id: name,
  keyId: name,
  arn: `arn:aws:kms:${region}:${account}:key/${name}`,
});

const charges: KindFacts['charges'] = (object) => [{ price: 'key', units: 1, region: regionOf(object) }];

/**
 * A key asks nobody who uses it before it goes, and is only scheduled for deletion (KMS API reference,
 * ScheduleKeyDeletion); its alias goes before or after it.
 */
export const kms: ServiceFacts = {
  Key: {
    shape: {
      // Of a multi-region key its 32 digits after `mrk-`.
      externalName: (made, { multiRegion }) => (multiRegion === true ? `mrk-${made.hex(32)}` : made.uuid()),
      atProvider: key,
    },
    charges,
  },
  // Its id is that of the primary key.
  ReplicaKey: { shape: { atProvider: key }, charges },
  Alias: {
    shape: {
      atProvider: ({ name, account, region }) => ({
        id: `alias/${name}`,
        arn: `arn:aws:kms:${region}:${account}:alias/${name}`,
      }),
    },
    charges: 'nothing',
  },
};
