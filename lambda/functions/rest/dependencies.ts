import type { CursorSigner } from '../../data/cursor.ts';
import type { Stores } from '../../data/stores/index.ts';
import type { Random } from '../../domain/ids.ts';
import type { Telemetry } from './telemetry.ts';

/** What every function of the REST API is given. */
export interface RestDependencies {
  readonly stores: Stores;
  readonly now: () => Date;
  readonly random: Random;
  readonly telemetry: Telemetry;
  /** Origins whose pages may read answers. */
  readonly origins: readonly string[];
}

/** What a function that answers with pages is given on top. */
export interface PagingDependencies extends RestDependencies {
  readonly signer: CursorSigner;
}
