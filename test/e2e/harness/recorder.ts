import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KubernetesObject } from '../../../imports/base.ts';
import type { ComposeRequest, Composer } from '../../../crossplane/compose/types.ts';
import type { ResourceId } from '../../../crossplane/reference/identity.ts';
import { until } from './until.ts';

const fixtures = join(import.meta.dirname, '..', '..', 'fixtures', 'observed');

/** One call of the function, and when it came. */
export interface RecordedCall {
  readonly at: number;
  readonly request: ComposeRequest;
}

/** Remembers every call that core makes, and saves observed objects as fixtures when `OWLNEST_RECORD=1`. */
export class Recorder {
  readonly #calls: RecordedCall[] = [];

  /** The composer, with every request remembered. */
  around(composer: Composer): Composer {
    return {
      kinds: composer.kinds,
      compose: (request) => {
        this.#calls.push({ at: performance.now(), request });
        return composer.compose(request);
      },
    };
  }

  /** All calls for the composite, oldest first. */
  callsFor({ kind, metadata }: KubernetesObject): readonly RecordedCall[] {
    return this.#calls.filter(
      ({ request: { composite } }) =>
        composite.kind === kind &&
        composite.metadata.name === metadata.name &&
        composite.metadata.namespace === metadata.namespace,
    );
  }

  /** The first observed version of the resource that fulfils the predicate; waits for one. */
  observed(
    composite: KubernetesObject,
    id: ResourceId,
    what: string,
    predicate: (object: KubernetesObject) => boolean,
  ): Promise<KubernetesObject> {
    return until(`core sends ${id} ${what}`, 30_000, () => {
      const versions = this.callsFor(composite).map(({ request }) => request.resources.get(id));
      return Promise.resolve(versions.find((version) => version !== undefined && predicate(version)));
    });
  }

  /** Writes the object, exactly as core sent it, to `test/fixtures/observed/<name>.json`. */
  save(name: string, object: KubernetesObject): void {
    if (process.env['OWLNEST_RECORD'] !== '1') return;
    mkdirSync(fixtures, { recursive: true });
    writeFileSync(join(fixtures, `${name}.json`), `${JSON.stringify(object, undefined, 2)}\n`);
  }
}
