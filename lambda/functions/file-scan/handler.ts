import { S3Client } from '@aws-sdk/client-s3';
import { functions } from '../../contract/functions.ts';
import { clientSettings } from '../clients/settings.ts';
import { tableStores } from '../clients/table.ts';
import { runtimeOf } from '../shared/runtime.ts';
import { createFileScan } from './app.ts';
import { s3Objects } from './s3.ts';

const environment = functions['file-scan'].environment.parse(process.env);
const { now, log, observed } = runtimeOf('file-scan', environment);
const client = new S3Client(clientSettings);

export const handler = observed(
  createFileScan({
    files: tableStores(environment.TABLE_NAME).files,
    lookAt: s3Objects(client, environment.FILES_BUCKET),
    scanner: environment.MALWARE_SCANNER,
    now,
    log,
  }),
);
