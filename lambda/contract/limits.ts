/** So many calls in a window of so many seconds, for one user (or, where nobody is signed in, one address or e-mail). */
export interface RateLimit {
  readonly count: number;
  readonly seconds: number;
}

const MINUTE = 60;
const DAY = 24 * 3600;

/** Rate limits by name; an operation names the one it counts against. All windows of a name must have room. */
export const rateLimits = {
  posts: [
    { count: 10, seconds: MINUTE },
    { count: 200, seconds: DAY },
  ],
  reactions: [{ count: 60, seconds: MINUTE }],
  discussions: [{ count: 5, seconds: DAY }],
  uploads: [{ count: 30, seconds: MINUTE }],
  tickets: [{ count: 30, seconds: MINUTE }],
  /** Sign-in and codes: for one e-mail address, and ten times that for one network address. */
  signIn: [{ count: 10, seconds: 15 * MINUTE }],
  codes: [{ count: 5, seconds: 15 * MINUTE }],
  refresh: [{ count: 30, seconds: 15 * MINUTE }],
} as const satisfies Readonly<Record<string, readonly RateLimit[]>>;

export type RateLimitName = keyof typeof rateLimits;

/** How many times the limit of one e-mail address a network address has, which many people can share. */
export const NETWORK_ADDRESS_FACTOR = 10;

/** Largest request body, in bytes of UTF-8. */
export const BODY_LIMIT_BYTES = 256 * 1024;

/** How long the answer to a request with an `Idempotency-Key` is kept, in seconds. */
export const IDEMPOTENCY_SECONDS = DAY;

/** How long a page's cursor can be used, in seconds. */
export const CURSOR_SECONDS = DAY;

export const MODERATORS_LIMIT = 10;
export const ACCESS_LIST_LIMIT = 1000;
export const REPLY_DEPTH_LIMIT = 5;
/** Levels of points below a discussion. */
export const POINT_LEVELS = 3;

const MIB = 1024 * 1024;

/** What may be uploaded: media type → largest size in bytes. */
export const fileSizes: Readonly<Record<string, number>> = {
  'image/jpeg': 10 * MIB,
  'image/png': 10 * MIB,
  'image/webp': 10 * MIB,
  'image/gif': 5 * MIB,
  'application/pdf': 20 * MIB,
  'text/plain': MIB,
  'application/msword': 10 * MIB,
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 10 * MIB,
  'audio/mpeg': 50 * MIB,
  'audio/wav': 50 * MIB,
  'audio/ogg': 50 * MIB,
  'video/mp4': 100 * MIB,
  'video/webm': 100 * MIB,
  'video/quicktime': 100 * MIB,
};

/** What one user may store. */
export const fileQuota = { bytes: 1024 * MIB, files: 500, pending: 20, avatarBytes: 2 * MIB } as const;

/** How long an upload form can be used, and a download address, in seconds. */
export const UPLOAD_SECONDS = 900;
export const DOWNLOAD_SECONDS = 300;

/** How long a WebSocket ticket can be used, in seconds. */
export const TICKET_SECONDS = 60;
