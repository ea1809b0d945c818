import type { Context } from '../../crossplane/definition/context.ts';
import { keptDays } from '../../lambda/contract/retention.ts';
import type * as s3 from '../../imports/s3.ts';

/** Days after which the parts of an upload that nobody finished are thrown away. */
const UNFINISHED_UPLOAD_DAYS = 7;

/** Where the application puts exports for download. */
const EXPORTS_PREFIX = 'exports/';

/** Rules by which objects of a bucket change their storage class and go. */
export function lifecycleRules(options: {
  readonly tier: Context['tier'];
  readonly versionsKeptDays: number;
  readonly intelligentTieringAfterDays: number | undefined;
  readonly expireAfterDays: number | undefined;
  readonly exports: boolean;
}): readonly s3.BucketLifecycleConfigurationRule[] {
  const { versionsKeptDays, intelligentTieringAfterDays, expireAfterDays } = options;
  const everything = [{ prefix: '' }];
  return [
    {
      id: 'unfinished-uploads',
      status: 'Enabled',
      filter: everything,
      abortIncompleteMultipartUpload: [{ daysAfterInitiation: UNFINISHED_UPLOAD_DAYS }],
    },
    {
      id: 'old-versions',
      status: 'Enabled',
      filter: everything,
      noncurrentVersionExpiration: [{ noncurrentDays: versionsKeptDays }],
      // What is left of a deleted object once its last version is gone. S3 takes this together with no other expiry.
      ...(expireAfterDays === undefined ? { expiration: [{ expiredObjectDeleteMarker: true }] } : {}),
    },
    ...(intelligentTieringAfterDays === undefined
      ? []
      : [
          {
            id: 'intelligent-tiering',
            status: 'Enabled',
            filter: everything,
            transition: [{ days: intelligentTieringAfterDays, storageClass: 'INTELLIGENT_TIERING' }],
          },
        ]),
    ...(expireAfterDays === undefined
      ? []
      : [{ id: 'expiry', status: 'Enabled', filter: everything, expiration: [{ days: expireAfterDays }] }]),
    ...(options.exports
      ? [
          {
            id: 'exports',
            status: 'Enabled',
            filter: [{ prefix: EXPORTS_PREFIX }],
            expiration: [{ days: keptDays('transient', options.tier) }],
          },
        ]
      : []),
  ];
}
