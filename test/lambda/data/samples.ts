import type {
  Connection,
  Discussion,
  File,
  LogEntry,
  Point,
  Post,
  Preferences,
  Profile,
} from '../../../lambda/contract/entities/index.ts';
import type { Change } from '../../../lambda/data/stores/index.ts';

export const START = Date.parse('2026-11-25T05:00:00.000Z');

/** A clock that stands until it is moved. */
export class Clock {
  private milliseconds = START;
  readonly now = (): Date => new Date(this.milliseconds);
  get at(): string {
    return this.now().toISOString();
  }
  pass(milliseconds: number): void {
    this.milliseconds += milliseconds;
  }
}

let count = 0;

/** A new UUIDv7: later ones are greater. */
export function newId(at = START): string {
  const time = at.toString(16).padStart(12, '0');
  const serial = (count++).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${serial}`;
}

export function newUserId(): string {
  return `00000000-0000-4000-8000-${(count++).toString(16).padStart(12, '0')}`;
}

export const hexOf = (id: string): string => id.replaceAll('-', '');

export function changeBy(actorId: string, clock: Clock): Change {
  return { actorId, correlationId: 'request-1', at: clock.at };
}

const written = { version: 1, createdAt: new Date(START).toISOString(), updatedAt: new Date(START).toISOString() };

export function aProfile(rest: Partial<Profile> = {}): Profile {
  return {
    userId: newUserId(),
    role: 'creator',
    standing: { state: 'good' },
    displayName: 'user-abcdef',
    locale: 'ja',
    timezone: 'Asia/Tokyo',
    privacy: { profileVisible: true, emailVisible: false, activityVisible: true },
    ...written,
    ...rest,
  };
}

export function somePreferences(userId: string): Preferences {
  return { userId, channels: {}, emailFrequency: 'daily', theme: 'system', ...written };
}

export function aDiscussion(ownerId: string, rest: Partial<Discussion> = {}): Discussion {
  return {
    discussionId: newId(),
    ownerId,
    title: 'Night buses',
    description: 'Should there be more of them?',
    ownerStance: 'unknown',
    categories: ['local-politics'],
    tags: [],
    accessMode: 'open',
    visibility: 'members',
    state: 'active',
    pinned: false,
    featured: false,
    accessCount: 0,
    moderatorCount: 0,
    ...written,
    ...rest,
  };
}

export function aPoint(discussionId: string, rest: Partial<Point> = {}): Point {
  return { discussionId, pointId: newId(), title: 'Cost', order: 0, hasPosts: false, ...rest };
}

export function aPost(point: Point, authorId: string, rest: Partial<Post> = {}): Post {
  return {
    postId: newId(),
    discussionId: point.discussionId,
    pointId: point.pointId,
    authorId,
    stance: 'pros',
    text: 'They pay for themselves.',
    formatting: [],
    attachments: [],
    mentions: [],
    depth: 0,
    status: 'visible',
    ...written,
    ...rest,
  };
}

export function aFile(ownerId: string, rest: Partial<File> = {}): File {
  return {
    fileId: newId(),
    ownerId,
    name: '時刻表.pdf',
    contentType: 'application/pdf',
    size: 1000,
    sha256: 'a'.repeat(64),
    purpose: 'attachment',
    state: 'pending',
    ...written,
    ...rest,
  };
}

export function aConnection(userId: string, clock: Clock): Connection {
  return { connectionId: `c${newId()}`, userId, connectedAt: clock.at };
}

export function aLogEntry(actorId: string, target: string, clock: Clock): LogEntry {
  return { logId: newId(), scope: 'platform', actorId, action: 'role', target, createdAt: clock.at };
}
