import * as z from 'zod';
import { role } from '../entities/index.ts';
import { discussionPage } from '../schemas/discussion.ts';
import { page, pageQuery } from '../schemas/page.ts';
import { postSummary } from '../schemas/post.ts';
import {
  ownProfile,
  preferencesBody,
  preferencesView,
  profilePatch,
  publicProfile,
  roleChange,
  roleDecision,
  roleRequestBody,
  roleRequestView,
  roleView,
  userListItem,
} from '../schemas/user.ts';
import type { Operation } from './operation.ts';

const reads = { function: 'user', method: 'GET', routeClass: 'read' } as const;
const lists = { function: 'user', method: 'GET', routeClass: 'list' } as const;
const writes = { function: 'user', routeClass: 'write' } as const;

/** Accounts, profiles, roles. */
export const userOperations = {
  getMe: {
    ...reads,
    path: '/users/me',
    summary: 'The own profile with role, standing and permissions.',
    permission: 'account',
    success: { status: 200, body: ownProfile },
    version: 'sent',
  },
  updateMe: {
    ...writes,
    method: 'PATCH',
    path: '/users/me',
    summary: 'Change the own profile.',
    permission: 'account',
    body: profilePatch,
    success: { status: 200, body: ownProfile },
    problems: ['file-not-clean', 'unsupported-file-type', 'file-too-large'],
    version: 'required',
  },
  closeMe: {
    ...writes,
    method: 'DELETE',
    path: '/users/me',
    summary: 'Close the own account: personal data is erased after 30 days, posts stay under "deleted user".',
    permission: 'account',
    success: { status: 202 },
    problems: ['last-admin'],
    version: 'required',
  },
  getPreferences: {
    ...reads,
    path: '/users/me/preferences',
    summary: 'How the caller wants to be told and shown things.',
    permission: 'account',
    success: { status: 200, body: preferencesView },
    version: 'sent',
  },
  putPreferences: {
    ...writes,
    method: 'PUT',
    path: '/users/me/preferences',
    summary: 'Replace the preferences.',
    permission: 'account',
    body: preferencesBody,
    success: { status: 200, body: preferencesView },
    version: 'required',
  },
  requestRole: {
    ...writes,
    method: 'POST',
    path: '/users/me/role-request',
    summary: 'Ask for a higher role.',
    permission: 'account',
    body: roleRequestBody,
    success: { status: 202, body: roleRequestView },
    problems: ['role-request-pending', 'unsuitable-role'],
    idempotent: true,
  },
  listRoleRequests: {
    ...lists,
    path: '/users/role-requests',
    summary: 'Role requests that wait for an admin, oldest first.',
    permission: 'administer',
    query: z.strictObject(pageQuery),
    success: { status: 200, body: page('RoleRequestPage', roleRequestView) },
    problems: ['invalid-cursor'],
  },
  decideRoleRequest: {
    ...writes,
    method: 'PUT',
    path: '/users/role-requests/{userId}',
    summary: 'Grant or deny a role request.',
    permission: 'administer',
    body: roleDecision,
    success: { status: 200, body: roleRequestView },
    problems: ['invalid-transition', 'own-role', 'second-factor-missing', 'version-conflict'],
  },
  listUsers: {
    ...lists,
    path: '/users',
    summary: 'Users of a role.',
    permission: 'administer',
    query: z.strictObject({
      ...pageQuery,
      role: role.default('viewer'),
      standing: z.enum(['good', 'suspended', 'banned', 'closed']).optional(),
    }),
    success: { status: 200, body: page('UserPage', userListItem) },
    problems: ['invalid-cursor'],
  },
  getUser: {
    ...reads,
    path: '/users/{userId}',
    summary: 'What a user shows to others.',
    permission: 'read',
    success: { status: 200, body: publicProfile },
  },
  listUserDiscussions: {
    ...lists,
    path: '/users/{userId}/discussions',
    summary: "A user's discussions that the caller may read, newest first.",
    permission: 'read',
    query: z.strictObject(pageQuery),
    success: { status: 200, body: discussionPage },
    problems: ['invalid-cursor'],
  },
  listUserPosts: {
    ...lists,
    path: '/users/{userId}/posts',
    summary: "A user's posts that the caller may read, newest first.",
    permission: 'read',
    query: z.strictObject(pageQuery),
    success: { status: 200, body: page('PostSummaryPage', postSummary) },
    problems: ['invalid-cursor'],
  },
  setRole: {
    ...writes,
    method: 'PUT',
    path: '/users/{userId}/role',
    summary: 'Give a user another role.',
    permission: 'administer',
    body: roleChange,
    success: { status: 200, body: roleView },
    problems: ['own-role', 'second-factor-missing', 'version-conflict'],
  },
} as const satisfies Readonly<Record<string, Operation>>;
