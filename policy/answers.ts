/** Why no rule stands for a control of Security Hub. */
interface OwnAnswer {
  /** Setting of `config/<environment>.json` that switches it; absent where nothing does. */
  readonly setting?: string;
  /** A sentence without a full stop. */
  readonly reason: string;
}

/** Controls that no rule meets, by id: the one table of what is switched, left out, or comes later. */
export const answers: Readonly<Record<string, OwnAnswer>> = {
  'Cognito.1': {
    setting: 'identity.threatProtection',
    reason: 'Needs the plan plus, which is paid for each active user, so a person decides',
  },
  'Cognito.4': {
    setting: 'identity.threatProtection',
    reason: 'Nobody signs in by steps of our own; enforced holds for those, too',
  },
  'Cognito.5': {
    setting: 'identity.mfa',
    reason: 'Each user may have a second factor; that all must is for a person to decide, since it turns some away',
  },
  'DynamoDB.4': {
    reason: 'Comes with the layer Backup, which does not exist yet; point-in-time recovery of 35 days holds until then',
  },
  'S3.7': {
    setting: 'storage.files.replica',
    reason:
      'Only files are worth a second region: pages and code come again from a release; a copy itself always fails',
  },
  'S3.11': {
    reason: 'EventBridge hears of each new file; nothing of the application would listen to the other buckets',
  },
  'S3.15': {
    setting: 'storage.files.objectLockDays',
    reason: 'What is locked cannot be deleted when the law asks for it, so a person decides',
  },
  'S3.22': {
    setting: 'security.cloudTrail.dataEvents',
    reason:
      'Not yet used: the layer Security will make the trail; until then access logs of the bucket say the same, later',
  },
  'S3.23': {
    setting: 'security.cloudTrail.dataEvents',
    reason:
      'Not yet used: the layer Security will make the trail; until then access logs of the bucket say the same, later',
  },
};
