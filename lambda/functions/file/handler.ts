import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { functions } from '../../contract/functions.ts';
import { kmsSigner } from '../clients/kms.ts';
import { s3Objects } from '../clients/s3.ts';
import { clientSettings } from '../clients/settings.ts';
import { realDependencies } from '../rest/real.ts';
import { createFile } from './app.ts';

const environment = functions.file.environment.parse(process.env);

/** What Lambda calls. */
export const handler = createFile({
  ...realDependencies('file', environment),
  signer: kmsSigner(new KMSClient(clientSettings), environment.CURSOR_KEY_ID),
  objects: s3Objects(new S3Client(clientSettings), environment.FILES_BUCKET),
});
