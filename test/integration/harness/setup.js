// Jest loads this as it is, so TypeScript is made known to Node first.
import { register } from 'tsx/esm/api';

register();
const { installMoto } = await import('./moto.ts');
const { installParliament } = await import('./parliament.ts');
const { installDynamoDbLocal } = await import('../../../lambda/local/stores/install-dynamodb-local.ts');

/** Before the first file, so that no two install at once. What is missing here is told by the files that need it. */
export default async function setup() {
  await installMoto().catch(() => undefined);
  await installParliament().catch(() => undefined);
  await installDynamoDbLocal().catch(() => undefined);
}
