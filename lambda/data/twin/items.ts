import { compareTexts, type Attributes } from './value.ts';

/** The primary key, and the place in the order of the partition. */
interface Entry {
  readonly order: string;
  readonly id: string;
  readonly item: Attributes;
}

export function stringOf(item: Attributes, name: string): string | undefined {
  const value = item[name];
  return value !== undefined && 'S' in value ? value.S : undefined;
}

/** The primary key of an item as one text. */
export function idOf(item: Attributes): string {
  return JSON.stringify([stringOf(item, 'PK'), stringOf(item, 'SK')]);
}

/** Items by partition, each partition sorted by its sort key: the table itself, or one index of it. */
export class SortedItems {
  private readonly partitions = new Map<string, Entry[]>();
  private readonly prefix: '' | 'GSI1' | 'GSI2';

  constructor(prefix: '' | 'GSI1' | 'GSI2') {
    this.prefix = prefix;
  }

  /** Takes one item out and puts another in; an item that lacks the keys of the index is not in it. */
  replace(before: Attributes | undefined, after: Attributes | undefined): void {
    if (before !== undefined) this.remove(before);
    if (after !== undefined) this.add(after);
  }

  partition(name: string): readonly Attributes[] {
    return (this.partitions.get(name) ?? []).map(({ item }) => item);
  }

  /** Where the item stands in its partition's order. */
  compare(a: Attributes, b: Attributes): number {
    const [x, y] = [this.entry(a), this.entry(b)];
    return compareTexts(x.order, y.order) || compareTexts(x.id, y.id);
  }

  private entry(item: Attributes): Entry {
    return { order: stringOf(item, `${this.prefix}SK`) ?? '', id: idOf(item), item };
  }

  private add(item: Attributes): void {
    const name = stringOf(item, `${this.prefix}PK`);
    if (name === undefined || stringOf(item, `${this.prefix}SK`) === undefined) return;
    const entries = this.partitions.get(name) ?? [];
    entries.splice(this.position(entries, item), 0, this.entry(item));
    this.partitions.set(name, entries);
  }

  private remove(item: Attributes): void {
    const name = stringOf(item, `${this.prefix}PK`);
    const entries = name === undefined ? undefined : this.partitions.get(name);
    if (name === undefined || entries === undefined) return;
    const at = this.position(entries, item);
    if (entries[at]?.id === idOf(item)) entries.splice(at, 1);
    if (entries.length === 0) this.partitions.delete(name);
  }

  /** The first position whose item does not come before this one. */
  private position(entries: readonly Entry[], item: Attributes): number {
    const wanted = this.entry(item);
    let [low, high] = [0, entries.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const found = entries[middle];
      const before =
        found !== undefined && (compareTexts(found.order, wanted.order) || compareTexts(found.id, wanted.id)) < 0;
      if (before) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
