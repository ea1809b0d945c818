import { wanted } from '../resources.ts';
import { example } from '../example.ts';
import type { Rule } from '../rule.ts';

/** KMS's longest: https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html */
const LONGEST_DAYS = 30;

const key = (days: number, kind = 'Key.kms') => [example(kind, { deletionWindowInDays: days })];

export const kmsDeletion: Rule = {
  id: 'OWL-KMS-001',
  title: `The deletion of a key can be taken back for ${LONGEST_DAYS} days`,
  why: 'Everything that the key has encrypted is lost with it',
  fix: `Set deletionWindowInDays to ${LONGEST_DAYS}, the longest that KMS takes`,
  controls: [],
  kinds: ['Key.kms', 'ReplicaKey.kms'],
  check: (resource) => {
    const days = wanted(resource)['deletionWindowInDays'];
    return days === LONGEST_DAYS
      ? undefined
      : `deletionWindowInDays is ${days === undefined ? 'not set' : String(days)}`;
  },
  cases: {
    good: [{ resources: key(30) }, { resources: key(30, 'ReplicaKey.kms') }],
    bad: [{ resources: key(7) }, { resources: key(7, 'ReplicaKey.kms') }, { resources: [example('Key.kms', {})] }],
  },
};
