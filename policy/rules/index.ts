import type { Rule } from '../rule.ts';
import { cognitoClients } from './cognito-clients.ts';
import { cognitoDeletion } from './cognito-deletion.ts';
import { cognitoGuests } from './cognito-guests.ts';
import { cognitoLifetimes } from './cognito-lifetimes.ts';
import { cognitoPasswords } from './cognito-passwords.ts';
import { cognitoRoles } from './cognito-roles.ts';
import { cognitoSchema } from './cognito-schema.ts';
import { cognitoSecondFactor } from './cognito-second-factor.ts';
import { dynamodbDeletion } from './dynamodb-deletion.ts';
import { dynamodbOwnKey } from './dynamodb-own-key.ts';
import { dynamodbRecovery } from './dynamodb-recovery.ts';
import { dynamodbScaling } from './dynamodb-scaling.ts';
import { iamConfusedDeputy } from './iam-confused-deputy.ts';
import { iamDecrypt } from './iam-decrypt.ts';
import { iamFederated } from './iam-federated.ts';
import { iamWildcards } from './iam-wildcards.ts';
import { kmsDeletion } from './kms-deletion.ts';
import { kmsEverybody } from './kms-everybody.ts';
import { kmsRotation } from './kms-rotation.ts';
import { s3AccessLogs } from './s3-access-logs.ts';
import { s3Deletion } from './s3-deletion.ts';
import { s3Encryption } from './s3-encryption.ts';
import { s3Lifecycle } from './s3-lifecycle.ts';
import { s3OtherAccounts } from './s3-other-accounts.ts';
import { s3OwnKey } from './s3-own-key.ts';
import { s3Ownership } from './s3-ownership.ts';
import { s3PublicAccess } from './s3-public-access.ts';
import { s3Tls } from './s3-tls.ts';
import { s3UnfinishedUploads } from './s3-unfinished-uploads.ts';
import { s3Versions } from './s3-versions.ts';
import { taggedAll } from './tags.ts';

/** Every rule, in the order of their ids: the only list. */
export const rules: readonly Rule[] = [
  cognitoPasswords,
  cognitoSecondFactor,
  cognitoDeletion,
  cognitoSchema,
  cognitoLifetimes,
  cognitoClients,
  cognitoGuests,
  cognitoRoles,
  dynamodbScaling,
  dynamodbRecovery,
  dynamodbDeletion,
  dynamodbOwnKey,
  iamDecrypt,
  iamWildcards,
  iamConfusedDeputy,
  iamFederated,
  kmsDeletion,
  kmsRotation,
  kmsEverybody,
  s3PublicAccess,
  s3Tls,
  s3AccessLogs,
  s3OwnKey,
  s3Encryption,
  s3Ownership,
  s3Versions,
  s3Lifecycle,
  s3UnfinishedUploads,
  s3Deletion,
  s3OtherAccounts,
  taggedAll,
];
