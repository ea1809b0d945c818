import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, test } from '@jest/globals';
import type { KubernetesObject } from '../../../imports/base.ts';
import { startControlPlane, type ControlPlane, type ControlPlaneOptions } from './control-plane.ts';
import { kindOf, providerCrds } from './crds.ts';
import { StandInProvider, type Aws } from './provider.ts';

export interface SuiteOptions extends ControlPlaneOptions {
  readonly aws: Aws;
  /** Milliseconds that AWS takes. */
  readonly delay?: number;
}

/** What a test works with: the shared control plane and a namespace of its own. */
export interface Stage {
  readonly plane: ControlPlane;
  readonly provider: StandInProvider;
  readonly namespace: string;
}

export interface Suite {
  /** A test in a namespace of its own, which goes when the test passes and stays to be looked at when it fails. */
  test(name: string, body: (stage: Stage) => Promise<void>): void;
}

/** One control plane and one stand-in provider for the tests of a file; keeps the logs when a test fails. */
export function endToEnd(options: SuiteOptions): Suite {
  let shared: { readonly plane: ControlPlane; readonly provider: StandInProvider } | undefined;
  let failed = false;

  beforeAll(async () => {
    const plane = await startControlPlane(options);
    const kinds = providerCrds(options.crds).map(kindOf);
    const { aws, delay } = options;
    const provider = new StandInProvider({
      client: plane.provider,
      kinds,
      aws,
      ...(delay === undefined ? {} : { delay }),
    });
    shared = { plane, provider };
  });

  afterAll(async () => {
    await shared?.provider.stop();
    await shared?.plane.stop({ keepFolder: failed });
    if (failed && shared !== undefined) console.error(`Logs of the control plane: ${shared.plane.folder}`);
  });

  return {
    test: (name, body) => {
      test(name, async () => {
        if (shared === undefined) throw new Error('The control plane did not start.');
        const namespace = namespaceObject();
        try {
          await shared.plane.client.apply(namespace);
          await body({ ...shared, namespace: namespace.metadata.name });
          await shared.plane.client.delete(namespace);
        } catch (error) {
          failed = true;
          throw error;
        } finally {
          shared.provider.inject([]);
        }
      });
    },
  };
}

function namespaceObject(): KubernetesObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: `e2e-${randomBytes(4).toString('hex')}` } };
}
