/**
 * Each object says which file declares it. In Jest the stack shows which file really does; that the same is said under
 * tsx and in the bundle is shown where their answers are compared with ours (purity.test.ts, bundle.test.ts).
 */
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { z } from 'zod';
import { loadEnvironments } from '../../cli/environments.ts';
import { openToolchain } from '../../cli/toolchain.ts';
import { createComposer } from '../../crossplane/compose/compose.ts';
import { CompositeChart } from '../../crossplane/definition/chart.ts';
import { defineComposite, withSources } from '../../crossplane/definition/definition.ts';
import { EmbeddedControlPlane } from '../../crossplane/embedded/control-plane.ts';
import { standInProvider } from '../../crossplane/embedded/provider.ts';
import { asObject } from '../../crossplane/schema/json.ts';
import type { KubernetesObject } from '../../imports/base.ts';
import { Key } from '../../imports/kms.ts';
import { declaringNames } from '../../tools/generate/sources.ts';
import { baseContext, compositeObject, schemasOf } from '../support/world.ts';
import { layers } from './layers.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The first file of `charts/` on the way to where this is called. */
function chartFileOnTheStack(): string {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 50;
  const stack = new Error().stack ?? '';
  Error.stackTraceLimit = stackTraceLimit;
  const [, after = ''] = stack.split(`${ROOT}charts/`);
  return `charts/${/^[\w/-]+\.ts/.exec(after)?.[0] ?? ''}`;
}

type NameOf = (this: CompositeChart, declared: ApiObject) => string;

const declaredIn = new Map<string, string>();
let objects: readonly KubernetesObject[] = [];

beforeAll(() => {
  const toolchain = openToolchain();
  const production = loadEnvironments(toolchain.schemas, toolchain.release).find(({ name }) => name === 'production');
  if (production === undefined) throw new Error('There is no production.');
  const { object, account } = production;
  const sections = Object.entries(layers).map(([layer, { rendered }]) => {
    return [layer, { ...asObject(object.spec?.[layer]), ...Object(rendered.everything) }] as const;
  });
  const nameOf: NameOf = Reflect.get(CompositeChart.prototype, 'generateObjectName');
  const asked = jest.spyOn(CompositeChart.prototype, 'generateObjectName').mockImplementation(function (
    this: CompositeChart,
    declared: ApiObject,
  ) {
    const name = nameOf.call(this, declared);
    declaredIn.set(`${declared.kind}/${name}`, chartFileOnTheStack());
    return name;
  });
  const plane = new EmbeddedControlPlane(
    toolchain.composer,
    toolchain.schemas,
    standInProvider(account, toolchain.schemas),
  );
  plane.apply({ ...object, spec: { ...object.spec, ...Object.fromEntries(sections) } });
  objects = plane.converge().objects.filter(({ kind }) => kind !== 'Environment');
  asked.mockRestore();
});

describe('the source that an object names', () => {
  it('is the file that declares it, with everything switched on', () => {
    expect(objects.length).toBeGreaterThan(80);
    const said = objects.map(({ kind, metadata }) => [
      `${kind}/${metadata.name}`,
      metadata.annotations?.['owlnest.io/source'],
    ]);
    // A generation of a resource is named after it.
    const declared = (name: string) => declaredIn.get(name) ?? declaredIn.get(name.replace(/-[0-9a-z]+$/, ''));
    expect(said).toEqual(said.map(([name = '']) => [name, declared(name)]));
    expect(new Set(said.map(([, source]) => source)).size).toBeGreaterThan(5);
  });
});

describe('what the list of sources does not have', () => {
  class Part extends Construct {}
  const kind = defineComposite({
    kind: 'Layer',
    plural: 'layers',
    shortNames: [],
    description: 'A layer.',
    schema: z.object({}),
    stateful: false,
    context: () => baseContext,
    chart: (chart) => {
      new Key(new Part(chart, 'part'), 'key', { why: 'For a test', forProvider: {} });
      return {};
    },
  });

  it('is refused, with what to do: a part, and a kind', () => {
    const [known] = withSources([kind], new Map([[kind, 'charts/layer/layer.ts']]));
    if (known === undefined) throw new Error('no kind');
    const composer = createComposer([known], schemasOf([known]), { version: '1.0.0' });
    expect(composer.compose({ composite: compositeObject(known), resources: new Map() })).toMatchObject({
      violations: [
        {
          message:
            'The chart of Layer test cannot be built: no file is known of the part test/part; run `npm run generate`.',
        },
      ],
    });
    expect(() => withSources([kind], new Map())).toThrow('No file is known of the kind Layer; run `npm run generate`.');
  });
});

describe('the list of sources', () => {
  it('has parts and charts of a file, and no other class', () => {
    const text = [
      'export class A extends Construct {}',
      'export class B extends ChildComposite<Spec, never, never> {}',
      'export class C extends Error {}',
      'export const D = defineComposite({});',
      'export const E = other({});',
    ].join('\n');
    expect(declaringNames('a.ts', text)).toEqual(['A', 'B', 'D']);
  });

  it('refuses a part that it could not name', () => {
    expect(() => declaringNames('charts/a.ts', 'class A extends Construct {}')).toThrow(
      'charts/a.ts: A declares resources; export it.',
    );
  });
});
