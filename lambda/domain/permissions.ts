import { ROLES, type Profile, type Role, type Standing } from '../contract/entities/index.ts';
import { permissions, type Action, type Cell, type Column } from '../contract/permissions.ts';
import type { ProblemCode } from '../contract/problems.ts';

/** Whoever asks for something. */
export interface Reader {
  readonly userId: string;
  readonly role: Role;
  readonly standing: Standing;
}

/** Whoever changes something: with the profile as it was read for it. */
export interface Actor extends Reader {
  readonly profile: Profile;
}

/** How somebody stands to what an action is about. */
export interface Relation {
  /** Owner of the discussion. */
  readonly owner?: boolean;
  /** One of its moderators. */
  readonly moderator?: boolean;
  /** Has written it. */
  readonly author?: boolean;
}

/** Whether a role includes another one. */
export function includes(role: Role, other: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(other);
}

/** The columns that hold for a role: owning or moderating counts only with a role that can own or moderate. */
function columnsOf(role: Role, { owner = false, moderator = false }: Relation): readonly Column[] {
  return [
    role,
    ...(owner && includes(role, 'creator') ? (['owner'] as const) : []),
    ...(moderator && includes(role, 'contributor') ? (['moderator'] as const) : []),
  ];
}

/** Whether role and relation admit the action, by the permission table; standing is not looked at. */
export function admits(action: Action, role: Role, relation: Relation = {}): boolean {
  const cells = columnsOf(role, relation).map((column): Cell => permissions[action][column]);
  return cells.includes('yes') || (cells.includes('own') && relation.author === true);
}

/** Whether there is anything at all on which somebody of this role could do it. */
export function couldAdmit(action: Action, role: Role): boolean {
  return admits(action, role, { owner: true, moderator: true, author: true });
}

/** The standing at a moment: a suspension that has run out is none, whether or not somebody has taken it off. */
export function standingAt(standing: Standing, now: Date): Standing {
  const over = standing.state === 'suspended' && Date.parse(standing.until) <= now.getTime();
  return over ? { state: 'good' } : standing;
}

/** Why the standing does not admit the action, if so. */
export function barredBy(action: Action, standing: Standing, now: Date): ProblemCode | undefined {
  const open = permissions[action].while;
  switch (standingAt(standing, now).state) {
    case 'good':
      return undefined;
    case 'suspended':
      return open === 'good standing' ? 'suspended' : undefined;
    case 'banned':
      return open === 'suspended or banned' ? undefined : 'banned';
    case 'closed':
      return 'unauthenticated';
  }
}

/** All actions that role and standing admit on something of one's own. */
export function actionsOf(role: Role, standing: Standing, now: Date): readonly Action[] {
  return Object.keys(permissions).filter(
    (name): name is Action =>
      isAction(name) && admits(name, role, { author: true }) && barredBy(name, standing, now) === undefined,
  );
}

function isAction(name: string): name is Action {
  return Object.hasOwn(permissions, name);
}
