import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { EXTERNAL_NAMES, parseServiceLock, type ExternalName } from '../../crossplane/schema/lock-format.ts';
import { ImportError } from './error.ts';
import { readBeside } from './read.ts';
import type { Source } from './sources.ts';

/*
 * How AWS identities come about is written down upstream as Go code only (config/externalname.go), so an import
 * takes it from the lock that it replaces, and for a kind which that does not have from `external-names.json`.
 * What that file says wins, as a person may have to correct the lock.
 */

const byHandShape = z.record(z.string(), z.enum(EXTERNAL_NAMES));

/** Looks kinds up in `byHand`, by `<service>/<Kind>`, and in the lock in the folder `lock`. */
export function carriedExternalNames(
  lock: string,
  byHand: z.infer<typeof byHandShape> = readBeside('external-names.json', byHandShape),
): Source['externalNameOf'] {
  return (service, kind) => {
    const known = byHand[`${service}/${kind}`] ?? inLock(path.join(lock, `${service}.json`), kind);
    if (known !== undefined) return known;
    throw new ImportError(
      `The external name of ${service} ${kind} is not known; add "${service}/${kind}" to tools/import/external-names.json ` +
        `as one of ${EXTERNAL_NAMES.join(', ')} (config/externalname.go of the provider shows which).`,
    );
  };
}

function inLock(file: string, kind: string): ExternalName | undefined {
  if (!existsSync(file)) return undefined;
  const lock = parseServiceLock(readFileSync(file, 'utf8')).kinds.get(kind)?.();
  return lock !== undefined && 'externalName' in lock ? lock.externalName : undefined;
}
