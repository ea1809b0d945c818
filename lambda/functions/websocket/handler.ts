import { randomBytes } from 'node:crypto';
import { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi';
import { functions } from '../../contract/functions.ts';
import { clientSettings } from '../clients/settings.ts';
import { tableStores } from '../clients/table.ts';
import { apiGatewayChannel } from '../shared/channel.ts';
import { runtimeOf } from '../shared/runtime.ts';
import { createWebsocket } from './app.ts';

const environment = functions.websocket.environment.parse(process.env);
const { now, observed } = runtimeOf('websocket', environment);
const client = new ApiGatewayManagementApiClient({ ...clientSettings, endpoint: environment.WEBSOCKET_ENDPOINT });

export const handler = observed(
  createWebsocket({
    stores: tableStores(environment.TABLE_NAME),
    channel: apiGatewayChannel(client),
    now,
    newId: () => randomBytes(16).toString('hex'),
  }),
);
