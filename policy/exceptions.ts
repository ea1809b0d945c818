/** A resource for which a rule is not meant, in every environment. What one environment alone wants is a suppression. */
export interface Exception {
  readonly rule: string;
  /** `<layer>/<name>`, as findings call it. */
  readonly resource: string;
  /** A sentence without a full stop. */
  readonly reason: string;
}

const OWN_LOGS = 'It would log its own logging';
const LOG_DELIVERY = 'S3 delivers access logs only to buckets that are encrypted with keys of S3';

/** Every exception; a test refuses one that nothing needs. */
export const exceptions: readonly Exception[] = [
  { rule: 'OWL-S3-003', resource: 'storage/logs-bucket', reason: OWN_LOGS },
  { rule: 'OWL-S3-003', resource: 'storage/replica-logs-bucket', reason: OWN_LOGS },
  {
    rule: 'OWL-S3-004',
    resource: 'storage/website-bucket',
    reason: 'Everybody may read it through CloudFront; with our key, its policy would have to name the distribution',
  },
  { rule: 'OWL-S3-004', resource: 'storage/logs-bucket', reason: LOG_DELIVERY },
  { rule: 'OWL-S3-004', resource: 'storage/replica-logs-bucket', reason: LOG_DELIVERY },
];
