/** Recorded identities are handed down only to the composites whose resources they are of. */
import { describe, expect, it } from '@jest/globals';
import { loadEnvironments } from '../../cli/environments.ts';
import { openToolchain } from '../../cli/toolchain.ts';
import { EmbeddedControlPlane } from '../../crossplane/embedded/control-plane.ts';
import { standInProvider } from '../../crossplane/embedded/provider.ts';
import type { JsonObject } from '../../imports/base.ts';

const toolchain = openToolchain();

/** As many records as eight layers bring, of as many children of one; the names of the records are never rendered. */
const CHILDREN = ['files', 'website', 'logs', 'artifacts', 'reports', 'replica-files', 'replica-logs'];
const record = (index: number): [string, JsonObject] => [
  `Bucket.s3.aws.m.upbound.io/production-storage-${CHILDREN[index % CHILDREN.length] ?? ''}-recorded-${index}`,
  { externalName: `owlnest-recorded-${index}-production-123456789012-ap-northeast-1`, mode: 'owned' },
];
const records = (count: number): JsonObject => Object.fromEntries(Array.from({ length: count }, (_, at) => record(at)));

/** The specs of production's composites, and their generations, before and after more records. */
function converged(...recorded: readonly JsonObject[]) {
  const production = loadEnvironments(toolchain.schemas, toolchain.release).find(({ name }) => name === 'production');
  if (production === undefined) throw new Error('There is no production.');
  const { object, account } = production;
  const plane = new EmbeddedControlPlane(
    toolchain.composer,
    toolchain.schemas,
    standInProvider(account, toolchain.schemas),
  );
  return recorded.map((identities) => {
    plane.apply({ ...object, spec: { ...object.spec, identities } });
    const composites = plane.converge().objects.filter(({ apiVersion }) => apiVersion.startsWith('owlnest.io/'));
    return composites.map(({ metadata, spec }) => ({
      name: metadata.name,
      generation: metadata.generation,
      text: JSON.stringify(spec),
    }));
  });
}

const [none = [], many = [], more = []] = converged({}, records(150), records(151));
const bytes = (specs: typeof many): number => specs.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);

describe('150 recorded identities', () => {
  it('stand three times in all, and not once in each composite', () => {
    const once = Buffer.byteLength(JSON.stringify(records(150)));
    // In the Environment, in its layer, and in the child that each is of.
    const keys = many.length * Buffer.byteLength('"identities":{},');
    expect(bytes(many) - bytes(none)).toBeLessThanOrEqual(3 * once + keys);
    expect(many).toHaveLength(10);
    for (const { name, text } of many) {
      const of = new Set([...text.matchAll(/production-storage-[\w-]+(?=-recorded-)/g)].map(([child]) => child));
      const own = CHILDREN.map((child) => `production-storage-${child}`);
      const handed = name === 'production-identity' ? [] : own.includes(name) ? [name] : own;
      expect([...of].sort()).toEqual([...handed].sort());
    }
  });

  it('change, with one more, the generation of those composites alone that it is about', () => {
    const changed = more.filter(({ generation }, at) => generation !== many[at]?.generation).map(({ name }) => name);
    // The 151st is of the fourth child.
    expect(changed.sort()).toEqual(['production', 'production-storage', 'production-storage-artifacts']);
  });
});
