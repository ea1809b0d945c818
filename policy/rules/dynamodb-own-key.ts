import { at, entries, wanted } from '../resources.ts';
import { example } from '../example.ts';
import type { Rule } from '../rule.ts';

const KEY = 'arn:aws:kms:ap-northeast-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const encryption = { serverSideEncryption: { enabled: true, kmsKeyArn: KEY } };

export const dynamodbOwnKey: Rule = {
  id: 'OWL-DDB-004',
  title: 'A table and its replicas are encrypted with a key of their environment',
  why: "AWS's own key opens for everybody who may read the table, and cannot be switched off",
  fix: 'Name the key in serverSideEncryption.kmsKeyArn, and in kmsKeyArn of each replica',
  controls: [],
  kinds: ['Table.dynamodb'],
  check: (table) => {
    const fields = wanted(table);
    const enabled = at(fields, 'serverSideEncryption', 'enabled') === true;
    const keys = [
      at(fields, 'serverSideEncryption', 'kmsKeyArn'),
      ...entries(fields['replica']).map((replica) => replica['kmsKeyArn']),
    ];
    const own = keys.every((key) => typeof key === 'string' && key.includes(':kms:'));
    return enabled && own ? undefined : "AWS's own key encrypts a part of it";
  },
  cases: {
    good: [
      { resources: [example('Table.dynamodb', encryption)] },
      { resources: [example('Table.dynamodb', { ...encryption, replica: [{ kmsKeyArn: KEY }] })] },
    ],
    bad: [
      { resources: [example('Table.dynamodb', {})] },
      { resources: [example('Table.dynamodb', { serverSideEncryption: { enabled: true } })] },
      { resources: [example('Table.dynamodb', { serverSideEncryption: { enabled: false, kmsKeyArn: KEY } })] },
      { resources: [example('Table.dynamodb', { ...encryption, replica: [{ regionName: 'ap-northeast-3' }] })] },
    ],
  },
};
