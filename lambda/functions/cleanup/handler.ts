import { DeleteObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { functions } from '../../contract/functions.ts';
import { clientSettings } from '../clients/settings.ts';
import { tableStores } from '../clients/table.ts';
import { runtimeOf } from '../shared/runtime.ts';
import { createCleanup } from './app.ts';

const environment = functions.cleanup.environment.parse(process.env);
const { now, log, observed } = runtimeOf('cleanup', environment);
const client = new S3Client(clientSettings);

export const handler = observed(
  createCleanup({
    purge: tableStores(environment.TABLE_NAME).purge,
    deleteObject: async (Key) => {
      await client.send(new DeleteObjectCommand({ Bucket: environment.FILES_BUCKET, Key }));
    },
    now,
    log,
  }),
);
