/**
 * What `npm start` does with three environments as they are once every layer is there: 450 managed resources in 60
 * composites each. A process of its own, as `npm start` is; it prints what came of them.
 */
import { z } from 'zod';
import { loadEnvironments } from '../../cli/environments.ts';
import { convergeEnvironment } from '../../cli/rendering.ts';
import { openSchemas } from '../../cli/toolchain.ts';
import { toYaml } from '../../cli/yaml.ts';
import { createComposer } from '../../crossplane/compose/compose.ts';
import { API_VERSION } from '../../crossplane/definition/api.ts';
import { ChildComposite } from '../../crossplane/definition/child.ts';
import { namespaceOf } from '../../crossplane/definition/context.ts';
import { defineComposite } from '../../crossplane/definition/definition.ts';
import { compositeKindSchema } from '../../crossplane/definition/xrd.ts';
import { observed } from '../../crossplane/reference/observed.ts';
import { parseLockIndex, schemaRegistry } from '../../crossplane/schema/registry.ts';
import { previewFiles } from '../../report/preview.ts';
import { releaseOf } from '../support/release.ts';
import { contextFor, pairIn, readLock } from './synthetic.ts';

/** 8 layers of 9 pairs of resources each, and 51 parts of 3 pairs below them. */
const LAYERS = Array.from({ length: 8 }, (_, layer) => ({ layer, parts: layer < 3 ? 7 : 6 }));
const PAIRS = { layer: 9, part: 3 };

const Part = defineComposite({
  kind: 'WidePart',
  plural: 'wideparts',
  shortNames: [],
  description: 'A part of a layer, for measuring.',
  schema: z.object({ pairs: z.int() }),
  inputs: { tableArn: 'ARN of a table of the layer.' },
  outputs: { tableArn: 'ARN of its last table.' },
  stateful: false,
  chart: (chart, { spec }) => {
    const tables = Array.from({ length: spec.pairs }, (_, pair) => pairIn(chart, pair));
    return { tableArn: tables.map((table) => observed(table, (status) => status.atProvider.arn)).at(-1) ?? '' };
  },
});

const Layer = defineComposite({
  kind: 'WideLayer',
  plural: 'widelayers',
  shortNames: [],
  description: 'A layer, for measuring.',
  schema: z.object({ pairs: z.int(), parts: z.int() }),
  outputs: { tableArn: 'ARN of the last table of its last part.' },
  stateful: false,
  chart: (chart, { spec }) => {
    const tables = Array.from({ length: spec.pairs }, (_, pair) => pairIn(chart, pair));
    const [tableArn] = tables.map((table) => observed(table, (status) => status.atProvider.arn));
    const parts = Array.from(
      { length: spec.parts },
      (_, part) =>
        new ChildComposite(chart, `part-${part}`, Part, {
          why: 'For measuring',
          spec: { pairs: PAIRS.part },
          inputs: { tableArn },
        }),
    );
    return { tableArn: parts.at(-1)?.output('tableArn') ?? '' };
  },
});

const Environment = defineComposite({
  kind: 'WideEnvironment',
  plural: 'wideenvironments',
  shortNames: [],
  description: 'An environment, for measuring.',
  schema: z.object({ environment: z.string() }),
  stateful: false,
  context: ({ environment }) => contextFor(environment),
  chart: (chart) => {
    for (const { layer, parts } of LAYERS) {
      new ChildComposite(chart, `layer-${layer}`, Layer, {
        why: 'For measuring',
        spec: { pairs: PAIRS.layer, parts },
      });
    }
    return {};
  },
});

const kinds = [Environment, Layer, Part];
const release = releaseOf('1.0.0');
const schemas = schemaRegistry(readLock, parseLockIndex(readLock('index')), kinds.map(compositeKindSchema));
const toolchain = { kinds, schemas, release, composer: createComposer(kinds, schemas, release) };

const checkout = openSchemas();
const converged = loadEnvironments(checkout.schemas, checkout.release).map((environment) => {
  const { name } = environment;
  const object = {
    apiVersion: API_VERSION,
    kind: Environment.kind,
    metadata: { name, namespace: namespaceOf(name) },
    spec: { environment: name },
  };
  return convergeEnvironment({ ...environment, object }, toolchain);
});
const files = converged.flatMap(({ report }) => previewFiles(report, toYaml));
const facts = converged.map(({ report, ready, objects }) => ({
  ready,
  passes: report.passes,
  findings: report.findings.length,
  composites: objects.filter(({ apiVersion }) => apiVersion === API_VERSION).length,
  resources: objects.filter(({ apiVersion }) => apiVersion !== API_VERSION).length,
}));
const characters = files.reduce((sum, { text }) => sum + text.length, 0);
console.log(JSON.stringify({ environments: facts, files: files.length, characters }));
