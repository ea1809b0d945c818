import { functions } from '../../contract/functions.ts';
import { tableStores } from '../clients/table.ts';
import { runtimeOf } from '../shared/runtime.ts';
import { createCounters } from './app.ts';

const environment = functions.counters.environment.parse(process.env);
const { now, log, observed } = runtimeOf('counters', environment);

export const handler = observed(createCounters({ stores: tableStores(environment.TABLE_NAME), now, log }));
