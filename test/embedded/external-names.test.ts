/** Every kind's row of `tools/import/external-names.json`, on the stand-in provider and with our compose step. */
import { describe, expect, it } from '@jest/globals';
import { ApiObject } from 'cdk8s';
import { standInProvider } from '../../crossplane/embedded/provider.ts';
import type { ResourceId } from '../../crossplane/reference/identity.ts';
import { hasForm, isMadeUp, nameByFormula, type ExternalName } from '../../crossplane/schema/external-name.ts';
import type { KindSchema } from '../../crossplane/schema/registry.ts';
import type { KubernetesObject } from '../../imports/base.ts';
import { sampleOf } from '../support/samples.ts';
import { ACCOUNT, baseContext, compositeObject, NAMESPACE, schemasOf, testKind, worldOf } from '../support/world.ts';

const schemas = schemasOf([]);
const kinds = schemas.kinds.flatMap((gvk) => {
  const kind = schemas.find(gvk);
  return kind?.provider === undefined ? [] : [{ kind, external: kind.provider.externalName }];
});
const usable = kinds.filter(({ external }) => external.rule !== 'unusable');
const generated = usable.filter(({ external }) => external.class === 'generated');
const madeUp = generated.filter(({ external }) => isMadeUp(external));

/** The kinds for which something is not so, with what is there instead. */
function unlike<Value>(all: typeof kinds, wanted: Value, valueOf: (one: (typeof kinds)[number]) => Value): unknown[] {
  return all.flatMap((one) => {
    const value = valueOf(one);
    return JSON.stringify(value) === JSON.stringify(wanted)
      ? []
      : [[one.kind.gvk.kind, one.kind.gvk.apiVersion, value]];
  });
}

const NAME = 'test-one';
const idOf = ({ gvk }: KindSchema) => `${gvk.kind}.${gvk.apiVersion.split('/')[0] ?? ''}/${NAME}` as ResourceId;

/** A world of one object of the kind. */
function worldWith(kind: KindSchema, identities = {}) {
  const { apiVersion, kind: name } = kind.gvk;
  const composite = testKind('One', (chart, { context }) => {
    const recorded = context.identities[idOf(kind)]?.externalName;
    const { metadata, spec } = sampleOf(kind);
    const annotations = recorded === undefined ? metadata.annotations : { 'crossplane.io/external-name': recorded };
    new ApiObject(chart, 'one', { apiVersion, kind: name, metadata: { annotations: { ...annotations } }, spec });
    return {};
  });
  const world = worldOf([composite]);
  expect(world.plane.apply(compositeObject(composite, { identities }))).toEqual([]);
  const object = () => world.plane.apiServer.list().find((one) => one.kind === name);
  const nameOn = () => object()?.metadata.annotations?.['crossplane.io/external-name'] ?? '';
  return { ...world, object, nameOn };
}

describe('every kind on the stand-in provider, with our compose step', () => {
  it('is in the lock with a row', () => {
    expect({ kinds: kinds.length, generated: generated.length, madeUp: madeUp.length }).toEqual({
      kinds: 212,
      generated: 140,
      madeUp: 73,
    });
  });

  it('is made once and becomes ready', () => {
    expect(
      unlike(usable, { ready: true, creations: 1 }, ({ kind }) => {
        const { plane, provider } = worldWith(kind);
        return { ready: plane.converge().ready, creations: provider.creations.length };
      }),
    ).toEqual([]);
  });

  it('has the name that AWS made up, and after a restart of the provider it is not made again', () => {
    expect(
      unlike(generated, { named: true, ready: true, creations: 1 }, ({ kind }) => {
        const { plane, provider, object, nameOn } = worldWith(kind);
        plane.converge();
        provider.restart();
        const { ready } = plane.converge();
        const id = Reflect.get(Object(object()?.status?.['atProvider']), 'id');
        return { named: nameOn() !== '' && nameOn() === id, ready, creations: provider.creations.length };
      }),
    ).toEqual([]);
  });

  it('has a name that follows from its own fields before AWS has it, so that no restart makes it twice', () => {
    const byFormula = generated.filter(({ external }) => external.formula !== undefined);
    expect(
      unlike(byFormula, { named: true, creations: 1 }, ({ kind, external }) => {
        const { plane, provider, object, nameOn } = worldWith(kind);
        plane.step();
        // A kind with generations has a hash in its name.
        const source = { name: object()?.metadata.name ?? '', account: ACCOUNT, region: baseContext.region };
        const forProvider = Object(object()?.spec?.['forProvider']) as KubernetesObject['spec'] & object;
        const named = nameOn() !== '' && nameOn() === nameByFormula(external, { ...source, forProvider });
        for (let look = 0; look < 3; look += 1) {
          provider.restart();
          plane.step();
        }
        return { named, creations: provider.creations.length };
      }),
    ).toEqual([]);
  });

  it('is only looked for under a recorded name that AWS made up, and fails when it is not there', () => {
    expect(
      unlike(madeUp, { creations: 0, ready: false, policies: ['Observe'], synced: 'False' }, ({ kind }) => {
        const { plane, provider, object } = worldWith(kind, { [idOf(kind)]: recordedName(kind) });
        const { ready } = plane.converge();
        provider.restart();
        plane.converge();
        const conditions = Object(object()?.status?.['conditions']) as readonly { type: string; status: string }[];
        return {
          creations: provider.creations.length,
          ready,
          policies: object()?.spec?.['managementPolicies'],
          synced: conditions.find(({ type }) => type === 'Synced')?.status,
        };
      }),
    ).toEqual([]);
  });

  it('is refused with one sentence when the recorded name has another form', () => {
    const formed = madeUp.filter(({ external }) => external.form !== undefined);
    expect(
      unlike(formed, { creations: 0, rules: ['name-form'] }, ({ kind }) => {
        const { plane, provider } = worldWith(kind, { [idOf(kind)]: { externalName: 'Not a name', mode: 'owned' } });
        const result = [...plane.converge().composites.values()][0];
        const invalid = result?.outcome === 'composed' ? result.status.invalid : [];
        return { creations: provider.creations.length, rules: invalid.map(({ rule }) => rule) };
      }),
    ).toEqual([]);
  });
});

describe('every kind without a saved name, on the stand-in provider alone', () => {
  /** What a restart between two looks at an object without a name leads to. */
  function secondCreation(kind: KindSchema): string {
    const provider = standInProvider(ACCOUNT, schemas);
    const { metadata, spec } = sampleOf(kind);
    const object: KubernetesObject = {
      ...kind.gvk,
      metadata: { ...metadata, name: NAME, namespace: NAMESPACE, uid: '1' },
      spec,
    };
    provider.reconcile(object);
    provider.reconcile(object);
    provider.restart();
    const report = provider.reconcile(object);
    const [first, second] = provider.creations;
    if (second === undefined)
      return report?.conditions.some(({ status }) => !status) === true ? 'conflict' : 'harmless';
    return second.externalName === first?.externalName ? 'same' : 'duplicate';
  }

  it('is made again as its row says', () => {
    // Where it varies, the stand-in takes the worst that the kind's names allow.
    const wanted = ({ again, formula }: ExternalName) =>
      again === 'varies' ? (formula === undefined ? 'duplicate' : 'same') : (again ?? 'harmless');
    expect(unlike(kinds, true, ({ kind, external }) => secondCreation(kind) === wanted(external))).toEqual([]);
  });
});

describe('names that the stand-in makes up', () => {
  it('have the form of their kind', () => {
    const named = generated.filter(({ external }) => external.form !== undefined);
    expect(
      unlike(named, true, ({ kind, external }) => {
        const { provider, plane } = worldWith(kind);
        plane.converge();
        return hasForm(external, provider.creations[0]?.externalName ?? '');
      }),
    ).toEqual([]);
  });
});

function recordedName(kind: KindSchema) {
  const provider = standInProvider('210987654321', schemas);
  const { spec } = sampleOf(kind);
  provider.reconcile({ ...kind.gvk, metadata: { name: 'elsewhere', uid: '2' }, spec });
  return { externalName: provider.creations[0]?.externalName ?? '', mode: 'owned' };
}
