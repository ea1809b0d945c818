// Jest loads this as it is, so TypeScript is made known to Node first.
import { register } from 'tsx/esm/api';

register();
const { startShared } = await import('./shared.ts');
export default startShared;
