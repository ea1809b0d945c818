import type { Page, PageRequest } from '../stores/index.ts';
import type { IndexName } from './definition.ts';
import { shardsOf } from './row.ts';
import type { Item, QueryInput, Range, Table } from './table.ts';

/** A list that is one partition, or several shards of one, in the order of the sort key. */
export interface ListInput {
  readonly partitions: readonly string[];
  readonly index?: IndexName;
  readonly newestFirst: boolean;
  /** What sort keys begin with, in a partition that holds other items as well; such a list is read oldest first. */
  readonly prefix?: string;
}

/** The shards of a list. */
export function sharded(of: { partition: (name: string) => string; shards: number }, name: string): readonly string[] {
  return shardsOf(of.partition(name), of.shards);
}

/**
 * A page of a list: each shard is asked for a whole page, and what comes first of all of them is the page. Its `next` is
 * the sort key of its last item, so it holds though that item is deleted.
 */
export async function pageOf(table: Table, list: ListInput, page: PageRequest): Promise<Page<Item>> {
  const name = `${list.index ?? ''}SK`;
  const range = rangeAfter(list, page.after);
  const found = await Promise.all(
    list.partitions.map((partition) =>
      table.query({
        partition,
        newestFirst: list.newestFirst,
        limit: page.limit + 1,
        ...(list.index === undefined ? {} : { index: list.index }),
        ...(range === undefined ? {} : { range }),
      } satisfies QueryInput),
    ),
  );
  const sortKey = (item: Item): string => String(item[name]);
  const direction = list.newestFirst ? -1 : 1;
  const merged = found.flat().sort((a, b) => direction * (sortKey(a) < sortKey(b) ? -1 : 1));
  const items = merged.slice(0, page.limit);
  const last = items.at(-1);
  return { items, ...(merged.length > items.length && last !== undefined ? { next: sortKey(last) } : {}) };
}

/** Above every text that begins with the prefix. */
const HIGHEST = '\uffff';

function rangeAfter({ newestFirst, prefix }: ListInput, after: string | undefined): Range | undefined {
  if (prefix !== undefined) {
    // BETWEEN includes its ends; the text right after `after` is that with a zero character.
    return after === undefined ? { beginsWith: prefix } : { between: [`${after}\u0000`, `${prefix}${HIGHEST}`] };
  }
  if (after === undefined) return undefined;
  return newestFirst ? { lessThan: after } : { greaterThan: after };
}
