/** What came of a request that carries an idempotency key. */
export type IdempotencyOutcome =
  | { readonly state: 'started' }
  | { readonly state: 'in-progress' }
  | { readonly state: 'other-body' }
  | { readonly state: 'done'; readonly answer: StoredAnswer };

/** An answer that is given again to the same request. */
export interface StoredAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text. */
  readonly body: string;
}

export interface RequestStore {
  /**
   * Begins a request once per user and key, for 24 hours. One that began but has not ended within `runningSeconds` (its
   * function died) may begin again.
   */
  begin(input: {
    userId: string;
    key: string;
    /** Of method, path and body. */
    bodyHash: string;
    now: Date;
    runningSeconds: number;
  }): Promise<IdempotencyOutcome>;
  finish(userId: string, key: string, answer: StoredAnswer, now: Date): Promise<void>;
  /** Lets the key go after a failure, so that the request can be sent again. */
  abandon(userId: string, key: string): Promise<void>;

  /**
   * Counts one use in a fixed window. @param subject a user's id, or a hash of an address or e-mail.
   * @returns whether it is within the limit, and the seconds until the window ends.
   */
  use(input: {
    subject: string;
    action: string;
    limit: number;
    windowSeconds: number;
    now: Date;
  }): Promise<{ readonly allowed: boolean; readonly retryAfterSeconds: number }>;

  /** Keeps a WebSocket ticket by its hash for 60 seconds. */
  putTicket(hash: string, userId: string, now: Date): Promise<void>;
  /** Uses a ticket up: the first caller gets the user, everybody after nothing. */
  takeTicket(hash: string, now: Date): Promise<string | undefined>;
}
