import type { File, Preferences, Profile, Role } from '../contract/entities/index.ts';
import { fileQuota } from '../contract/limits.ts';
import type {
  OwnProfile,
  PreferencesView,
  ProfilePatch,
  PublicProfile,
  UserListItem,
  UserReference,
} from '../contract/schemas/user.ts';
import { letters, type Random } from './ids.ts';
import { actionsOf, includes, standingAt, type Reader } from './permissions.ts';
import { invalidField, Problem } from './problem.ts';

/** A new user: a viewer, whose name says nothing about the e-mail address. @param at ISO 8601. */
export function newUser(
  { userId, locale = 'ja', at }: { userId: string; locale?: Profile['locale']; at: string },
  random: Random,
): { profile: Profile; preferences: Preferences } {
  const written = { version: 1, createdAt: at, updatedAt: at };
  return {
    profile: {
      userId,
      role: 'viewer',
      standing: { state: 'good' },
      displayName: `user-${letters(random, 6)}`,
      locale,
      timezone: 'Asia/Tokyo',
      privacy: { profileVisible: true, emailVisible: false, activityVisible: true },
      ...written,
    },
    preferences: { userId, channels: {}, emailFrequency: 'daily', theme: 'system', ...written },
  };
}

/** The profile after a merge patch: what is absent stays, `null` removes. @throws Problem for an unknown time zone. */
export function patchedProfile(profile: Profile, patch: ProfilePatch): Profile {
  if (patch.timezone !== undefined && !isTimezone(patch.timezone)) throw invalidField('/body/timezone', 'choice');
  const { bio, avatarFileId, givenName, familyName, ...kept } = profile;
  return {
    ...kept,
    displayName: patch.displayName ?? profile.displayName,
    locale: patch.locale ?? profile.locale,
    timezone: patch.timezone ?? profile.timezone,
    privacy: merged(profile.privacy, patch.privacy),
    ...field('bio', patch.bio, bio),
    ...field('avatarFileId', patch.avatarFileId, avatarFileId),
    ...field('givenName', patch.givenName, givenName),
    ...field('familyName', patch.familyName, familyName),
  };
}

/** A field that a patch can remove. */
function field<Name extends string>(
  name: Name,
  patch: string | null | undefined,
  before: string | undefined,
): Partial<Record<Name, string>> {
  const value = patch === undefined ? before : patch;
  const fields: Partial<Record<Name, string>> = {};
  if (value !== null && value !== undefined) fields[name] = value;
  return fields;
}

function merged(privacy: Profile['privacy'], patch: ProfilePatch['privacy'] = {}): Profile['privacy'] {
  return {
    profileVisible: patch.profileVisible ?? privacy.profileVisible,
    emailVisible: patch.emailVisible ?? privacy.emailVisible,
    activityVisible: patch.activityVisible ?? privacy.activityVisible,
  };
}

/** Whether it is a name of the IANA time zone database, as this Node knows it. */
function isTimezone(name: string): boolean {
  try {
    return (
      /^[A-Za-z]/.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
    );
  } catch {
    return false;
  }
}

/** What may become an avatar. @throws Problem */
export function checkAvatar(file: File | undefined, userId: string): void {
  if (file?.ownerId !== userId || file.state !== 'clean') throw new Problem('file-not-clean');
  if (!file.contentType.startsWith('image/')) throw new Problem('unsupported-file-type');
  if (file.size > fileQuota.avatarBytes) throw new Problem('file-too-large');
}

/** Who may ask for which role: only for a higher one. @throws Problem */
export function checkRoleRequest(profile: Profile, role: Role): void {
  if (includes(profile.role, role)) throw new Problem('unsuitable-role');
}

export function ownProfileView(profile: Profile, email: string | undefined, now: Date): OwnProfile {
  const { userId, role, displayName, locale, timezone, privacy, version, createdAt } = profile;
  return {
    userId,
    ...(email === undefined ? {} : { email }),
    role,
    standing: standingAt(profile.standing, now),
    permissions: [...actionsOf(role, profile.standing, now)],
    displayName,
    ...personal(profile),
    locale,
    timezone,
    privacy,
    version,
    createdAt,
  };
}

function personal({
  bio,
  avatarFileId,
  givenName,
  familyName,
}: Profile): Pick<OwnProfile, 'bio' | 'avatarFileId' | 'givenName' | 'familyName'> {
  return {
    ...(bio === undefined ? {} : { bio }),
    ...(avatarFileId === undefined ? {} : { avatarFileId }),
    ...(givenName === undefined ? {} : { givenName }),
    ...(familyName === undefined ? {} : { familyName }),
  };
}

/** What a reader sees of a user: a private profile shows its name only, except to its owner and to admins. */
export function publicProfileView(profile: Profile, reader: Reader): PublicProfile {
  const { userId, displayName, role, bio, avatarFileId, createdAt } = profile;
  if (!seesAll(profile, reader) && !profile.privacy.profileVisible) return { userId, displayName };
  return {
    userId,
    displayName,
    role,
    ...(bio === undefined ? {} : { bio }),
    ...(avatarFileId === undefined ? {} : { avatarFileId }),
    createdAt,
  };
}

/** Whether the reader may see the user's e-mail address. */
export function showsEmail(profile: Profile, reader: Reader): boolean {
  return seesAll(profile, reader) || (profile.privacy.profileVisible && profile.privacy.emailVisible);
}

/** Whether the reader may see what the user has posted and begun, as a list. */
export function showsActivity(profile: Profile, reader: Reader): boolean {
  return seesAll(profile, reader) || profile.privacy.activityVisible;
}

function seesAll(profile: Profile, reader: Reader): boolean {
  return reader.userId === profile.userId || reader.role === 'admin';
}

export function userListItemView({ userId, displayName, role, standing, createdAt }: Profile): UserListItem {
  return { userId, displayName, role, standing, createdAt };
}

/** A user beside a post or discussion. */
export function userReferenceView({ userId, displayName, avatarFileId }: Profile): UserReference {
  return { userId, displayName, ...(avatarFileId === undefined ? {} : { avatarFileId }) };
}

export function preferencesViewOf({ userId, createdAt, updatedAt, ...shown }: Preferences): PreferencesView {
  return shown;
}
