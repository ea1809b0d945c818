import { createHash } from 'node:crypto';
import { decodeCursor, encodeCursor, type CursorSigner } from '../../data/cursor.ts';
import type { Page, PageRequest } from '../../data/stores/index.ts';
import { Problem } from '../../domain/problem.ts';

/** A filtered list reads on over at most so many pages. */
const MOST_INNER_PAGES = 5;

/** What a cursor belongs to: the list, all of its filter, and the reader. */
export function filterHash(list: string, query: Readonly<Record<string, unknown>>, userId: string): string {
  const { limit: _limit, cursor: _cursor, ...filter } = query;
  const parts = [list, userId, ...Object.entries(filter).sort(([one], [other]) => (one < other ? -1 : 1))];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}

/** The page that a query asks for. @throws Problem `invalid-cursor` for one that is foreign, edited or too old. */
export async function pageRequest(
  signer: CursorSigner,
  query: Readonly<Record<string, unknown>>,
  filter: string,
  now: Date,
): Promise<PageRequest> {
  const { limit, cursor } = query;
  const size = typeof limit === 'number' ? limit : 20;
  if (typeof cursor !== 'string') return { limit: size };
  const after = await decodeCursor(signer, { cursor, filter, now });
  if (after === undefined) throw new Problem('invalid-cursor');
  return { limit: size, after };
}

export async function nextCursor(
  signer: CursorSigner,
  position: string | undefined,
  filter: string,
  now: Date,
): Promise<string | undefined> {
  return position === undefined ? undefined : encodeCursor(signer, { position, filter, now });
}

/** Reads on until the page is full of what `keep` lets through, over at most five inner pages. */
export async function readOn<T, U>(
  page: PageRequest,
  load: (page: PageRequest) => Promise<Page<T>>,
  keep: (items: readonly T[]) => Promise<readonly U[]>,
): Promise<{ readonly items: U[]; readonly next: string | undefined }> {
  const items: U[] = [];
  let after = page.after;
  for (let inner = 0; inner < MOST_INNER_PAGES && items.length < page.limit; inner++) {
    const limit = page.limit - items.length;
    const loaded = await load({ limit, ...(after === undefined ? {} : { after }) });
    items.push(...(await keep(loaded.items)));
    after = loaded.next;
    if (after === undefined) break;
  }
  return { items, next: after };
}
