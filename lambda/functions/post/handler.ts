import { KMSClient } from '@aws-sdk/client-kms';
import { functions } from '../../contract/functions.ts';
import { kmsSigner } from '../clients/kms.ts';
import { clientSettings } from '../clients/settings.ts';
import { noFilters } from '../content-filter.ts';
import { realDependencies } from '../rest/real.ts';
import { createPost } from './app.ts';

const environment = functions.post.environment.parse(process.env);

/** What Lambda calls. */
export const handler = createPost({
  ...realDependencies('post', environment),
  signer: kmsSigner(new KMSClient(clientSettings), environment.CURSOR_KEY_ID),
  filter: noFilters,
});
