/** What happens to an item or object before its days begin to count. */
export type RetentionStart = 'creation' | 'deletion' | 'closing' | 'account closing';

/** One class of data: what belongs to it, and how many days it is kept after what. */
export interface Retention {
  readonly what: string;
  readonly days: number;
  readonly after: RetentionStart;
}

/** How long each class of data is kept in production: the only table of it. */
export const retentionClasses = {
  public: { what: 'discussions, posts, attached files', days: 30, after: 'deletion' },
  personal: {
    what: 'profile, preferences, e-mail, follows, saved searches, role requests',
    days: 30,
    after: 'account closing',
  },
  behavioural: { what: 'activity, views, queries, timeline', days: 40, after: 'creation' },
  messages: { what: 'notifications', days: 90, after: 'creation' },
  moderation: { what: 'reports, cases, sanctions, filters', days: 3 * 365, after: 'closing' },
  statistics: { what: 'daily and total counters, metrics', days: 400, after: 'creation' },
  operational: { what: 'error groups, canary, jobs', days: 90, after: 'creation' },
  audit: {
    what: 'action log of admins, role and owner changes, incidents, reports',
    days: 7 * 365,
    after: 'creation',
  },
  transient: { what: 'tickets, idempotency, connections, events, exports', days: 7, after: 'creation' },
} as const satisfies Readonly<Record<string, Retention>>;

export type RetentionClass = keyof typeof retentionClasses;

/** Outside production nothing is kept longer, in days. */
const LIMIT_ELSEWHERE_DAYS = 365;

/** Days that data of the class is kept in an environment of this tier. */
export function keptDays(name: RetentionClass, tier: 'development' | 'staging' | 'production'): number {
  const { days } = retentionClasses[name];
  return tier === 'production' ? days : Math.min(days, LIMIT_ELSEWHERE_DAYS);
}
