import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { functions } from '../../contract/functions.ts';
import { clientSettings } from '../clients/settings.ts';
import { runtimeOf } from '../shared/runtime.ts';
import { createPublisher } from './app.ts';
import { eventBridge } from './event-bridge.ts';

const environment = functions.publisher.environment.parse(process.env);
const { log, observed } = runtimeOf('publisher', environment);
const client = new EventBridgeClient(clientSettings);

export const handler = observed(createPublisher({ bus: eventBridge(client, environment.EVENT_BUS_NAME), log }));
