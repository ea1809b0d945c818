import * as z from 'zod';
import { preferences, privacy, profile, role, roleRequest, standing, text, userId } from '../entities/index.ts';
import { permissions, type Action } from '../permissions.ts';
import { component } from './components.ts';
import { email, tokens, challenge } from './auth.ts';

/** What others see beside somebody's post. */
export const userReference = component(
  'UserReference',
  z.strictObject({
    userId,
    displayName: profile.shape.displayName,
    avatarFileId: profile.shape.avatarFileId,
  }),
);
export type UserReference = z.infer<typeof userReference>;

const actions = Object.keys(permissions).filter((name): name is Action => name in permissions);

/** What every profile shows to its owner. */
export const ownProfile = component(
  'OwnProfile',
  z.strictObject({
    userId,
    email: email.optional().describe('As the user pool has it.'),
    role,
    standing: component('Standing', standing),
    permissions: z.array(z.enum(actions)).describe('What the role and standing admit.'),
    displayName: profile.shape.displayName,
    bio: profile.shape.bio,
    avatarFileId: profile.shape.avatarFileId,
    givenName: profile.shape.givenName,
    familyName: profile.shape.familyName,
    locale: profile.shape.locale,
    timezone: profile.shape.timezone,
    privacy: component('Privacy', privacy),
    version: profile.shape.version,
    createdAt: profile.shape.createdAt,
  }),
);
export type OwnProfile = z.infer<typeof ownProfile>;

/** Merge patch of a profile: what is absent stays, `null` removes. */
export const profilePatch = component(
  'ProfilePatch',
  z.strictObject({
    displayName: profile.shape.displayName.optional(),
    bio: profile.shape.bio.nullable(),
    avatarFileId: profile.shape.avatarFileId.nullable(),
    givenName: profile.shape.givenName.nullable(),
    familyName: profile.shape.familyName.nullable(),
    locale: profile.shape.locale.optional(),
    timezone: profile.shape.timezone.optional(),
    privacy: z.strictObject(privacy.shape).partial().optional(),
  }),
);
export type ProfilePatch = z.infer<typeof profilePatch>;

/** What others see of a user; names only where the profile is visible. */
export const publicProfile = component(
  'PublicProfile',
  z.strictObject({
    userId,
    displayName: profile.shape.displayName,
    role: role.optional(),
    bio: profile.shape.bio,
    avatarFileId: profile.shape.avatarFileId,
    email: email.optional(),
    createdAt: profile.shape.createdAt.optional(),
  }),
);
export type PublicProfile = z.infer<typeof publicProfile>;

/** A line of the admins' list of users. */
export const userListItem = component(
  'UserListItem',
  z.strictObject({
    userId,
    displayName: profile.shape.displayName,
    role,
    standing,
    createdAt: profile.shape.createdAt,
  }),
);
export type UserListItem = z.infer<typeof userListItem>;

const {
  userId: _owner,
  version: _version,
  createdAt: _createdAt,
  updatedAt: _updatedAt,
  ...settings
} = preferences.shape;

export const preferencesBody = component('PreferencesBody', z.strictObject(settings));
export const preferencesView = component(
  'Preferences',
  z.strictObject({ ...settings, version: preferences.shape.version }),
);
export type PreferencesView = z.infer<typeof preferencesView>;

export const roleRequestBody = component(
  'RoleRequestBody',
  z.strictObject({ role: z.enum(['contributor', 'creator']), reason: roleRequest.shape.reason }),
);

export const roleRequestView = component(
  'RoleRequest',
  z.strictObject({
    userId,
    role,
    reason: roleRequest.shape.reason,
    state: roleRequest.shape.state,
    notes: roleRequest.shape.notes,
    createdAt: roleRequest.shape.createdAt,
  }),
);
export type RoleRequestView = z.infer<typeof roleRequestView>;

export const roleDecision = component(
  'RoleDecision',
  z.strictObject({ granted: z.boolean(), notes: roleRequest.shape.notes }),
);

export const roleChange = component('RoleChange', z.strictObject({ role, reason: text(1, 500) }));

export const roleView = component('UserRole', z.strictObject({ userId, role }));

/** Signed in, or asked for a second factor. */
export const signedIn = component('SignedIn', z.strictObject({ tokens, user: ownProfile }));
export const signInAnswer = component('SignInAnswer', z.union([signedIn, challenge]));
