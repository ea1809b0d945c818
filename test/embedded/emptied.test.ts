/** A person may empty a section of an environment that had content; `test/e2e/platform.test.ts` asks the API server. */
import { describe, expect, it } from '@jest/globals';
import { openSchemas } from '../../cli/toolchain.ts';
import { environmentSchema } from '../../config/environment.ts';
import { EmbeddedApiServer } from '../../crossplane/embedded/api-server.ts';
import type { KubernetesObject } from '../../imports/base.ts';
import { emptiable, emptiedAt, FULL_ENVIRONMENT } from '../config/emptied.ts';

const { schemas } = openSchemas();

/** The spec that the API server has, once the object is applied after the full one. */
function specAfter(object: KubernetesObject): unknown {
  const apiServer = new EmbeddedApiServer(schemas);
  for (const one of [FULL_ENVIRONMENT, object]) {
    const applied = apiServer.apply(one, 'argocd');
    if ('violations' in applied) return applied.violations.map(({ message }) => message);
  }
  return apiServer.list()[0]?.spec;
}

describe('a section that had content', () => {
  it.each(emptiable().map((path) => ({ name: path.join('.'), path })))(
    '$name may be emptied or left out',
    ({ path }) => {
      for (const object of [emptiedAt(path, {}), emptiedAt(path, undefined)]) {
        expect(specAfter(object)).toEqual(object.spec);
      }
    },
  );

  it('stays switched on when it is emptied, if being there is what switches it on', () => {
    const { crossplane: _, ...spec } = emptiedAt(['monitoring', 'canary'], {}).spec ?? {};
    expect(environmentSchema.parse(spec).monitoring.canary).toEqual({ everyMinutes: 15 });
  });

  it('is one of many', () => {
    const paths = emptiable().map((path) => path.join('.'));
    const kinds = ['storage', 'storage.table.capacity', 'tags', 'contacts', 'monitoring.canary', 'backup.drill'];
    expect(paths).toEqual(
      expect.arrayContaining([...kinds, 'identities', 'monitoring.serviceBudgets', 'api.functions.discussion']),
    );
    expect(paths).not.toContain('backup.copyTo');
  });
});
