import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, test } from '@jest/globals';
import type { KubernetesObject } from '../../../imports/base.ts';
import { startControlPlane, type ControlPlane } from './control-plane.ts';
import { isXrd, kindOf, providerCrds } from './crds.ts';
import type { Served } from './functions.ts';
import { Plane } from './plane.ts';
import { StandInProvider, type Aws } from './provider.ts';
import { keepSharedLogs, sharedAccess } from './shared-access.ts';

export interface SuiteOptions {
  /** Names of the provider's CRDs that the tests need, as `keys.kms.aws.m.upbound.io`. */
  readonly crds: readonly string[];
  /** Composers by the name under which Compositions call them. */
  readonly functions: Readonly<Record<string, Served>>;
  /** XRDs and Compositions. */
  readonly objects: readonly KubernetesObject[];
  readonly aws: Aws;
  /** Milliseconds that AWS takes. */
  readonly delay?: number;
}

/** What a test works with: the control plane and a namespace of its own. */
export interface Stage<P extends Plane = Plane> {
  readonly plane: P;
  readonly provider: StandInProvider;
  readonly namespace: string;
  /** The XRDs of the file. */
  readonly definitions: readonly KubernetesObject[];
}

export interface Suite<P extends Plane = Plane> {
  /**
   * A test in a namespace of its own, which goes when the test passes and stays to be looked at when it fails.
   * @param timeout milliseconds
   */
  test(name: string, body: (stage: Stage<P>) => Promise<void>, timeout?: number): void;
}

/**
 * Tests on the control plane that all files of a run share. The names of the file's functions and Compositions must be
 * no other file's, its kinds and CRDs those of `shared-world.ts`. Its provider looks after the namespaces of its tests.
 */
export function endToEnd(options: SuiteOptions): Suite {
  return suiteOn(options, {
    open: async () => {
      const plane = new Plane(sharedAccess());
      const missing = await unknownKinds(plane, options);
      if (missing.length === 0) return plane;
      throw new Error(`The shared control plane lacks ${missing.join(', ')}: add it to test/e2e/shared-world.ts.`);
    },
    close: async (plane, failed) => {
      await plane.leave();
      if (failed) keepSharedLogs();
    },
    serves: (namespace, ours) => ours.has(namespace),
  });
}

/** Tests on a control plane of their own: they kill its programs, or do to core what others would notice. */
export function endToEndAlone(options: SuiteOptions): Suite<ControlPlane> {
  const { crds, objects } = options;
  return suiteOn(options, {
    open: () => startControlPlane({ crds, objects: objects.filter(isXrd) }),
    close: async (plane, failed) => {
      await plane.stop({ keepFolder: failed });
      if (failed) console.error(`Logs of the control plane: ${plane.folder}`);
    },
    serves: () => true,
  });
}

interface Opening<P extends Plane> {
  readonly open: () => Promise<P>;
  readonly close: (plane: P, failed: boolean) => Promise<void>;
  /** Whether the file's provider looks after a namespace, given those of its tests. */
  readonly serves: (namespace: string, ours: ReadonlySet<string>) => boolean;
}

function suiteOn<P extends Plane>(options: SuiteOptions, { open, close, serves }: Opening<P>): Suite<P> {
  const namespaces = new Set<string>();
  let opened: { readonly plane: P; readonly provider: StandInProvider } | undefined;
  let failed = false;

  beforeAll(async () => {
    const plane = await open();
    for (const [name, composer] of Object.entries(options.functions)) await plane.addFunction(name, composer);
    await plane.install(options.objects.filter((object) => !isXrd(object)));
    const { aws, delay } = options;
    const provider = new StandInProvider({
      client: plane.provider,
      kinds: providerCrds(options.crds).map(kindOf),
      aws,
      serves: (namespace) => serves(namespace, namespaces),
      ...(delay === undefined ? {} : { delay }),
    });
    opened = { plane, provider };
  });

  afterAll(async () => {
    await opened?.provider.stop();
    if (opened !== undefined) await close(opened.plane, failed);
  });

  return {
    test: (name, body, timeout) => {
      const inNamespace = async (): Promise<void> => {
        if (opened === undefined) throw new Error('The control plane did not start.');
        const namespace = namespaceObject();
        namespaces.add(namespace.metadata.name);
        const definitions = options.objects.filter(isXrd);
        try {
          await opened.plane.client.apply(namespace);
          await body({ ...opened, namespace: namespace.metadata.name, definitions });
          await opened.plane.client.delete(namespace);
        } catch (error) {
          failed = true;
          throw error;
        } finally {
          opened.provider.inject([]);
        }
      };
      test(name, inNamespace, timeout);
    },
  };
}

/** What of the file's kinds the API server does not serve. */
async function unknownKinds(plane: Plane, { crds, objects }: SuiteOptions): Promise<readonly string[]> {
  const wanted = [...providerCrds(crds), ...objects.filter(isXrd)];
  const known = await Promise.all(wanted.map((definition) => plane.client.knows(kindOf(definition))));
  return wanted.filter((_, index) => known[index] === false).map(({ metadata }) => metadata.name);
}

function namespaceObject(): KubernetesObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: `e2e-${randomBytes(4).toString('hex')}` } };
}
