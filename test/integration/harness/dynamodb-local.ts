import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dynamoDbLocalCommand, installDynamoDbLocal } from '../../../lambda/local/stores/install-dynamodb-local.ts';
import { freePorts } from '../../e2e/harness/ports.ts';
import { Processes } from '../../e2e/harness/processes.ts';

/** AWS's own DynamoDB for one machine, everything in memory. */
export interface DynamoDbLocal {
  /** `http://127.0.0.1:<port>` */
  readonly endpoint: string;
  readonly stop: () => Promise<void>;
}

/**
 * Starts a DynamoDB of its own on the loopback address. Called at the top of a test file: what is missing is told once.
 * @throws one sentence when it cannot be installed or does not start
 */
export async function startDynamoDbLocal(): Promise<DynamoDbLocal> {
  const jars = await installDynamoDbLocal().catch((error: unknown) => {
    throw new Error(
      `Skipped, with all that is tested against it: ${error instanceof Error ? error.message : String(error)}`,
    );
  });
  const [port = 0] = await freePorts(1);
  const endpoint = `http://127.0.0.1:${port}`;
  const processes = new Processes(mkdtempSync(join(tmpdir(), 'owlnest-dynamodb-')));
  await processes.start({
    name: 'dynamodb-local',
    ...dynamoDbLocalCommand(jars, port),
    // An answer of any kind: without a signature it refuses.
    ready: async () => (await fetch(endpoint).catch(() => undefined)) !== undefined,
  });
  return { endpoint, stop: () => processes.finish({ keepFolder: false }) };
}
