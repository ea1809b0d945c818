/** Who somebody is to one discussion: the role alone, or its owner or one of its moderators. */
export const COLUMNS = ['viewer', 'contributor', 'creator', 'owner', 'moderator', 'admin'] as const;
export type Column = (typeof COLUMNS)[number];

/** `own`: only what the caller has written. */
export type Cell = 'no' | 'yes' | 'own';

/** One row of the permission table: what a person wants to do, and who may. */
export interface Permission extends Readonly<Record<Column, Cell>> {
  readonly what: string;
  /** Which sanctions leave it open. */
  readonly while: 'good standing' | 'suspended' | 'suspended or banned';
}

/** A row for the six columns in their order. */
function row(
  what: string,
  cells: readonly [Cell, Cell, Cell, Cell, Cell, Cell],
  open: Permission['while'],
): Permission {
  const [viewer, contributor, creator, owner, moderator, admin] = cells;
  return { what, viewer, contributor, creator, owner, moderator, admin, while: open };
}

/**
 * The permission table: the only one. A column never raises the role of a user: a moderator is a contributor at least,
 * and an owner whose role was lowered is a creator no more.
 */
export const permissions = {
  account: row(
    'own account: profile, preferences, password, sessions',
    ['yes', 'yes', 'yes', 'yes', 'yes', 'yes'],
    'suspended or banned',
  ),
  read: row('read visible discussions, posts and profiles', ['yes', 'yes', 'yes', 'yes', 'yes', 'yes'], 'suspended'),
  react: row('react, follow, report, search', ['yes', 'yes', 'yes', 'yes', 'yes', 'yes'], 'good standing'),
  post: row('create a post or reply, upload files', ['no', 'yes', 'yes', 'yes', 'yes', 'yes'], 'good standing'),
  editPost: row('edit a post', ['no', 'own', 'own', 'own', 'own', 'own'], 'good standing'),
  deletePost: row('delete a post', ['no', 'own', 'own', 'yes', 'yes', 'yes'], 'good standing'),
  createDiscussion: row('create a discussion', ['no', 'no', 'yes', 'yes', 'no', 'yes'], 'good standing'),
  manageDiscussion: row(
    'edit, lock, archive or delete a discussion; its access list and moderators',
    ['no', 'no', 'no', 'yes', 'no', 'yes'],
    'good standing',
  ),
  curateDiscussion: row(
    'pin or feature a discussion, transfer its ownership',
    ['no', 'no', 'no', 'no', 'no', 'yes'],
    'good standing',
  ),
  moderatePost: row(
    'hide, show or restore a post; read its action log and revisions',
    ['no', 'no', 'no', 'yes', 'yes', 'yes'],
    'good standing',
  ),
  workOnCases: row('work on cases of a discussion', ['no', 'no', 'no', 'yes', 'yes', 'yes'], 'good standing'),
  analyseDiscussion: row(
    'analytics and export of a discussion',
    ['no', 'no', 'no', 'yes', 'no', 'yes'],
    'good standing',
  ),
  administer: row(
    'roles, sanctions, filters, all cases, analytics of the platform, announcements',
    ['no', 'no', 'no', 'no', 'no', 'yes'],
    'good standing',
  ),
} as const satisfies Readonly<Record<string, Permission>>;

export type Action = keyof typeof permissions;
