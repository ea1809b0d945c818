import { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi';
import { functions } from '../../contract/functions.ts';
import { apiGatewayChannel } from '../shared/channel.ts';
import { clientConfig, runtimeOf } from '../shared/runtime.ts';
import { tableStores } from '../shared/stores.ts';
import { createPush } from './app.ts';

const environment = functions.push.environment.parse(process.env);
const { log, observed } = runtimeOf('push', environment);
const client = new ApiGatewayManagementApiClient({ ...clientConfig, endpoint: environment.WEBSOCKET_ENDPOINT });

export const handler = observed(
  createPush({
    stores: tableStores(environment.TABLE_NAME),
    channel: apiGatewayChannel(client),
    log,
  }),
);
