import { S3Client } from '@aws-sdk/client-s3';
import { functions } from '../../contract/functions.ts';
import { clientConfig, runtimeOf } from '../shared/runtime.ts';
import { tableStores } from '../shared/stores.ts';
import { createFileScan } from './app.ts';
import { s3Objects } from './s3.ts';

const environment = functions['file-scan'].environment.parse(process.env);
const { now, log, observed } = runtimeOf('file-scan', environment);
const client = new S3Client(clientConfig);

export const handler = observed(
  createFileScan({
    files: tableStores(environment.TABLE_NAME).files,
    lookAt: s3Objects(client, environment.FILES_BUCKET),
    scanner: environment.MALWARE_SCANNER,
    now,
    log,
  }),
);
