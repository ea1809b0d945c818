import { Construct } from 'constructs';
import type { Context } from '../../crossplane/definition/context.ts';
import { holdsData, pointBack } from '../../crossplane/reference/marks.ts';
import { observed } from '../../crossplane/reference/observed.ts';
import { Alias, Key } from '../../imports/kms.ts';
import { awsName, named, tagsOf } from './naming.ts';

const SOURCE = 'charts/constructs/key.ts';

/** Days between a key's deletion and the end of what it encrypts: KMS's longest. */
const DELETION_WINDOW_DAYS = 30;

/** A KMS key with yearly rotation, and its alias. What it encrypts is lost with it, so it holds data. */
export class EncryptionKey extends Construct {
  /** Known once the key exists. */
  readonly arn: string;

  constructor(
    scope: Construct,
    id: string,
    props: { readonly context: Context; readonly purpose: string; readonly config: string },
  ) {
    super(scope, id);
    const { context, purpose, config } = props;
    const key = new Key(this, 'key', {
      spec: {
        forProvider: {
          description: `OwlNest ${context.environment}: ${purpose}`,
          keyUsage: 'ENCRYPT_DECRYPT',
          enableKeyRotation: true,
          deletionWindowInDays: DELETION_WINDOW_DAYS,
          policy: accountPolicy(context.account),
          tags: tagsOf(context),
        },
      },
    });
    holdsData(key);
    this.arn = observed(key, (status) => status.atProvider.arn);
    const alias = new Alias(this, 'alias', {
      metadata: named(`alias/${awsName(id, context)}`),
      spec: { forProvider: { targetKeyId: observed(key, (status) => status.atProvider.keyId) } },
    });
    pointBack(key, { source: SOURCE, config });
    pointBack(alias, { source: SOURCE, config });
  }
}

/** IAM decides who in the account may use the key; KMS refuses policies that name a role that does not exist yet. */
function accountPolicy(account: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'AccountDecidesByIam',
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${account}:root` },
        Action: 'kms:*',
        Resource: '*',
      },
    ],
  });
}
