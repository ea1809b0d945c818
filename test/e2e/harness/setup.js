// Jest loads this as it is, so TypeScript is made known to Node first.
import { register } from 'tsx/esm/api';

// For the programs of every control plane of the run: at its default Go's collector is a quarter of all that the API server
// does, and memory is not what a run lacks. `npm run scale`, which measures, leaves it as it is.
process.env.GOGC ??= '400';
register();
const { startShared } = await import('./shared.ts');
export default startShared;
