import { idOf, SortedItems, stringOf } from './items.ts';
import { sameAttributes, type Attributes } from './value.ts';

/** A change of an item, as the table's stream tells it: in order, and once. */
export interface StreamRecord {
  readonly eventID: string;
  readonly eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  readonly eventSource: 'aws:dynamodb';
  readonly awsRegion: string;
  /** Present when the item's time had come: AWS, not a caller, deleted it. */
  readonly userIdentity?: { readonly type: 'Service'; readonly principalId: 'dynamodb.amazonaws.com' };
  readonly dynamodb: {
    /** Seconds since 1970. */
    readonly ApproximateCreationDateTime: number;
    readonly Keys: Attributes;
    readonly NewImage?: Attributes;
    readonly OldImage?: Attributes;
    readonly SequenceNumber: string;
    readonly StreamViewType: 'NEW_AND_OLD_IMAGES';
  };
}

type Indexed = '' | 'GSI1' | 'GSI2';

/** All items of the table, its indexes and its stream. */
export class State {
  readonly tableName: string;
  readonly records: StreamRecord[] = [];
  private readonly byId = new Map<string, Attributes>();
  private readonly sorted = { '': new SortedItems(''), GSI1: new SortedItems('GSI1'), GSI2: new SortedItems('GSI2') };
  private readonly now: () => Date;
  /** What the indexes have not seen yet; undefined where they follow at once. */
  private late: (() => void)[] | undefined;

  constructor(tableName: string, now: () => Date, lateIndexes: boolean) {
    this.tableName = tableName;
    this.now = now;
    this.late = lateIndexes ? [] : undefined;
  }

  item(key: Attributes): Attributes | undefined {
    return this.byId.get(idOf(key));
  }

  items(of: Indexed): SortedItems {
    return this.sorted[of];
  }

  all(): readonly Attributes[] {
    return [...this.byId.values()];
  }

  /** Puts `after` in the place of `before`. What changes nothing leaves no record, as in DynamoDB. */
  apply(before: Attributes | undefined, after: Attributes | undefined, expired = false): void {
    const [either] = [before ?? after];
    if (either === undefined || (before !== undefined && after !== undefined && sameAttributes(before, after))) return;
    if (after === undefined) this.byId.delete(idOf(either));
    else this.byId.set(idOf(after), after);
    this.sorted[''].replace(before, after);
    const follow = (): void => {
      this.sorted.GSI1.replace(before, after);
      this.sorted.GSI2.replace(before, after);
    };
    if (this.late === undefined) follow();
    else this.late.push(follow);
    this.records.push(this.record(before, after, expired));
  }

  /** Lets the indexes see all that was written. */
  settle(): void {
    for (const follow of this.late?.splice(0) ?? []) follow();
  }

  /** Deletes what has expired; AWS does so within days. */
  expire(): void {
    const seconds = this.now().getTime() / 1000;
    for (const item of this.all()) {
      const ttl = item['ttl'];
      if (ttl !== undefined && 'N' in ttl && Number(ttl.N) <= seconds) this.apply(item, undefined, true);
    }
  }

  private record(before: Attributes | undefined, after: Attributes | undefined, expired: boolean): StreamRecord {
    const sequence = String(this.records.length + 1).padStart(21, '0');
    const key = after ?? before ?? {};
    const changed = before === undefined ? 'INSERT' : 'MODIFY';
    return {
      eventID: `twin${sequence}`,
      eventName: after === undefined ? 'REMOVE' : changed,
      eventSource: 'aws:dynamodb',
      awsRegion: 'local',
      ...(expired ? { userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' } } : {}),
      dynamodb: {
        ApproximateCreationDateTime: Math.floor(this.now().getTime() / 1000),
        Keys: { PK: { S: stringOf(key, 'PK') ?? '' }, SK: { S: stringOf(key, 'SK') ?? '' } },
        ...(after === undefined ? {} : { NewImage: after }),
        ...(before === undefined ? {} : { OldImage: before }),
        SequenceNumber: sequence,
        StreamViewType: 'NEW_AND_OLD_IMAGES',
      },
    };
  }
}
