import type { File } from '../../contract/entities/index.ts';
import { Refusal, type Change } from '../stores/index.ts';
import { files } from './kinds-of-posts.ts';
import type { Table } from './table.ts';
import type { Write } from './writes.ts';

export type Parent = NonNullable<File['parent']>;

/**
 * Writes that give clean, private files of `ownerId` to a parent and let others go: who may read the parent may download
 * them, and only what has a parent is kept.
 * @throws Refusal `state` (file) for one that is not clean, not the owner's, or another parent's.
 */
export async function claims(
  table: Table,
  input: { ownerId: string; parent: Parent; claim: readonly string[]; release: readonly string[] },
  change: Change,
): Promise<readonly Write[]> {
  const ids = [...input.claim, ...input.release];
  const found = await table.getMany(
    ids.map((fileId) => files.key({ fileId })),
    true,
  );
  const claimed = input.claim.map((fileId) => {
    const file = found.get(files, { fileId });
    if (file?.ownerId !== input.ownerId || file.state !== 'clean' || file.parent !== undefined) {
      throw new Refusal('state', files.type);
    }
    return { ...file, parent: input.parent };
  });
  const released = input.release.flatMap((fileId) => {
    const file = found.get(files, { fileId });
    if (file?.parent?.id !== input.parent.id) return [];
    const { parent, ...free } = file;
    return [free];
  });
  // A claim under the version that was read: a file that changes meanwhile refuses the whole transaction.
  return [...claimed, ...released].map((file) => {
    const { params } = table.write.replace(files, file, change);
    return { params, refusal: { reason: 'state', subject: files.type } };
  });
}
