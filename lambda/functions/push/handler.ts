import { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi';
import { functions } from '../../contract/functions.ts';
import { clientSettings } from '../clients/settings.ts';
import { tableStores } from '../clients/table.ts';
import { apiGatewayChannel } from '../shared/channel.ts';
import { runtimeOf } from '../shared/runtime.ts';
import { createPush } from './app.ts';

const environment = functions.push.environment.parse(process.env);
const { log, observed } = runtimeOf('push', environment);
const client = new ApiGatewayManagementApiClient({ ...clientSettings, endpoint: environment.WEBSOCKET_ENDPOINT });

export const handler = observed(
  createPush({
    stores: tableStores(environment.TABLE_NAME),
    channel: apiGatewayChannel(client),
    log,
  }),
);
