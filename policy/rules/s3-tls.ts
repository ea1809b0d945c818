import { all, awsNameOf, wanted } from '../resources.ts';
import { statementsOf, type Statement } from '../statements.ts';
import { bucketWith, document, exampleBucket } from '../example.ts';
import type { Rule } from '../rule.ts';

const tlsOnly = {
  Sid: 'TlsOnly',
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:*',
  Resource: ['arn:aws:s3:::example', 'arn:aws:s3:::example/*'],
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
};

export const s3Tls: Rule = {
  id: 'OWL-S3-002',
  title: 'A bucket takes requests by TLS only',
  why: 'Without TLS everybody on the way reads what is sent, signatures of requests included',
  fix: 'Deny every action on the bucket and its objects where aws:SecureTransport is false, for every principal',
  controls: ['S3.5'],
  kinds: ['Bucket.s3'],
  check: (bucket, rendered) => {
    const name = awsNameOf(bucket) ?? '';
    const policy = all(rendered, 'BucketPolicy.s3').find((one) => wanted(one)['bucket'] === name);
    if (policy === undefined) return 'it has no policy';
    return statementsOf(policy).some((statement) => refusesPlain(statement, name))
      ? undefined
      : 'its policy does not deny requests without TLS';
  },
  cases: {
    good: [{ resources: bucketWith('BucketPolicy', { policy: document(tlsOnly) }) }],
    bad: [
      { resources: [exampleBucket] },
      ...[
        { ...tlsOnly, Effect: 'Allow' },
        { ...tlsOnly, Principal: { AWS: 'arn:aws:iam::123456789012:root' } },
        { ...tlsOnly, Action: 's3:GetObject' },
        { ...tlsOnly, Resource: 'arn:aws:s3:::example' },
        { ...tlsOnly, Resource: 'arn:aws:s3:::example/*' },
        { ...tlsOnly, Resource: ['arn:aws:s3:::other', 'arn:aws:s3:::other/*'] },
        { ...tlsOnly, Condition: { Bool: { 'aws:SecureTransport': 'true' } } },
        { ...tlsOnly, Condition: { Bool: { 'aws:SecureTransport': 'false' }, StringEquals: { 'aws:SourceVpc': 'v' } } },
      ].map((statement) => ({ resources: bucketWith('BucketPolicy', { policy: document(statement) }) })),
    ],
  },
};

/** A second condition would let some plain requests pass. */
function refusesPlain({ effect, principals, actions, resources, conditions }: Statement, bucket: string): boolean {
  const everybody = principals === '*' || principals?.['AWS']?.includes('*') === true;
  const whole = [`:s3:::${bucket}`, `:s3:::${bucket}/*`].every((end) => resources.some((arn) => arn.endsWith(end)));
  const plainOnly = JSON.stringify(conditions) === JSON.stringify({ Bool: { 'aws:SecureTransport': 'false' } });
  return effect === 'Deny' && everybody && actions.includes('s3:*') && whole && plainOnly;
}
