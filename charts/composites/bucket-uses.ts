import type { EnvironmentRegion } from '../../imports/base.ts';
import type { RetentionClass } from '../../lambda/contract/retention.ts';

/** What follows from a bucket's use alone. */
export interface BucketUse {
  /** Where the bucket is. */
  readonly region: EnvironmentRegion;
  /** Part of the application that the bill shows by itself. */
  readonly component: string;
  /** Class of the application's data in it; absent where there is none. Logs are kept as the config says. */
  readonly dataClass?: RetentionClass;
  /**
   * `key`: the environment's key. `s3`: S3's own keys, for what cannot be read or written otherwise.
   * Both are encrypted at rest.
   */
  readonly encryption: 'key' | 's3';
  /** Whose writing the bucket's policy allows. */
  readonly policy: 'nobody' | 'access-logs' | 'all-logs';
  /** Whether EventBridge hears of new and removed objects. */
  readonly events: boolean;
  readonly why: string;
}

export const BUCKET_USE_NAMES = [
  'files',
  'files-replica',
  'website',
  'logs',
  'logs-replica',
  'artifacts',
  'reports',
] as const;

export type BucketUseName = (typeof BUCKET_USE_NAMES)[number];

/** Every use of a bucket: the one table of what differs. What is the same for all is in `object-store.ts`. */
export const bucketUses: Readonly<Record<BucketUseName, BucketUse>> = {
  files: {
    region: 'home',
    component: 'files',
    dataClass: 'public',
    encryption: 'key',
    policy: 'nobody',
    events: true,
    why: 'Keeps the files that users upload',
  },
  'files-replica': {
    region: 'replica',
    component: 'files',
    dataClass: 'public',
    encryption: 'key',
    policy: 'nobody',
    events: false,
    why: 'Keeps a copy of each file in another region',
  },
  website: {
    region: 'home',
    component: 'website',
    // Everybody may read it, through CloudFront; with our key, that key's policy would have to name the distribution.
    encryption: 's3',
    // Until there is a distribution. It will be the last principal, so Edge takes the policy over.
    policy: 'nobody',
    events: false,
    why: 'Keeps the pages, scripts and images of the application',
  },
  logs: {
    region: 'home',
    component: 'logs',
    // S3 delivers access logs only to buckets with its own keys (S3 User Guide, "Enabling server access logging").
    encryption: 's3',
    policy: 'all-logs',
    events: false,
    why: 'Keeps the logs that AWS services write to buckets',
  },
  'logs-replica': {
    region: 'replica',
    component: 'logs',
    encryption: 's3',
    policy: 'access-logs',
    events: false,
    why: 'Keeps the access logs of buckets in the replica region, which cannot go to another one',
  },
  artifacts: {
    region: 'home',
    component: 'artifacts',
    encryption: 'key',
    policy: 'nobody',
    events: false,
    why: 'Keeps the code of functions that releases name',
  },
  reports: {
    region: 'home',
    component: 'reports',
    dataClass: 'audit',
    encryption: 'key',
    policy: 'nobody',
    events: false,
    why: 'Keeps reports on compliance, security scans and recovery drills',
  },
};
