#!/usr/bin/env node
// The checkout runs as it is, without a build: tsx strips the types while the modules load.
import { register } from 'tsx/esm/api';

register();
const { main } = await import('./main.ts');
await main(process.argv);
