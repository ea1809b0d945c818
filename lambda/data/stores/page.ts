/** What is asked of a list. */
export interface PageRequest {
  /** 1 to 100. */
  readonly limit: number;
  /** The `next` of the page before. */
  readonly after?: string;
}

/** A part of a list. It can be short, even empty, and still have a `next`. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Where the list goes on; absent at its end. It is a position, not a secret: sign it before a client gets it. */
  readonly next?: string;
}

/** Who changes something, when, and for which request: kept with the item, and told in its event. */
export interface Change {
  readonly actorId: string;
  readonly correlationId: string;
  /** ISO 8601, UTC, milliseconds. */
  readonly at: string;
}
