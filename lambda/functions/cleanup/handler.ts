import { DeleteObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { functions } from '../../contract/functions.ts';
import { clientConfig, runtimeOf } from '../shared/runtime.ts';
import { tableStores } from '../shared/stores.ts';
import { createCleanup } from './app.ts';

const environment = functions.cleanup.environment.parse(process.env);
const { now, log, observed } = runtimeOf('cleanup', environment);
const client = new S3Client(clientConfig);

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
