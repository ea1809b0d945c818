import type {
  Discussion,
  DiscussionStatistics,
  Knowledge,
  Point,
  Profile,
  Stance,
} from '../contract/entities/index.ts';
import type {
  DiscussionBody,
  DiscussionDetail,
  DiscussionListItem,
  DiscussionPatch,
  KnowledgeInput,
  KnowledgeView,
} from '../contract/schemas/discussion.ts';
import { isLeaf, parentOf } from './categories.ts';
import type { Ids } from './ids.ts';
import { admits, barredBy, type Reader, type Relation } from './permissions.ts';
import { pointViews } from './points.ts';
import { invalidField, Problem, type FieldProblem } from './problem.ts';
import { userReferenceView } from './user.ts';

/** A discussion and how one user stands to it. */
export interface Standpoint {
  readonly discussion: Discussion;
  readonly moderator: boolean;
  readonly listed: boolean;
}

/** How the reader stands to a discussion, for the permission table. */
export function relationTo({ discussion, moderator }: Standpoint, reader: Reader): Relation {
  return { owner: discussion.ownerId === reader.userId, moderator };
}

/** Whether the reader may see the discussion at all. */
export function mayRead(standpoint: Standpoint, reader: Reader): boolean {
  const { visibility } = standpoint.discussion;
  return visibility === 'members' || standpoint.listed || moderates(standpoint, reader);
}

/** Owner, moderators and admins, as far as their role admits it. */
export function moderates(standpoint: Standpoint, reader: Reader): boolean {
  return admits('moderatePost', reader.role, relationTo(standpoint, reader));
}

/** The standpoint, if the reader may see the discussion. @throws Problem `not-found`, `deleted`. */
export function readable<S extends Standpoint>(standpoint: S | undefined, reader: Reader): S {
  if (standpoint === undefined || !mayRead(standpoint, reader)) throw new Problem('not-found');
  if (standpoint.discussion.state === 'deleted') throw new Problem('deleted');
  return standpoint;
}

/** @throws Problem `forbidden`: the reader may see the discussion, but not manage it. */
export function checkManages(standpoint: Standpoint, reader: Reader): void {
  if (!admits('manageDiscussion', reader.role, relationTo(standpoint, reader))) throw new Problem('forbidden');
}

/** Whether somebody may post here now. @throws Problem `locked`, `not-on-list`. */
export function checkPosting(standpoint: Standpoint, reader: Reader): void {
  const { state, accessMode } = standpoint.discussion;
  if (state !== 'active') throw new Problem('locked');
  if (moderates(standpoint, reader) || accessMode === 'open') return;
  if (standpoint.listed !== (accessMode === 'allowlist')) throw new Problem('not-on-list');
}

/** A discussion can be edited while it is active or locked. @throws Problem `locked` */
export function checkEditable({ state }: Discussion): void {
  if (state === 'archived') throw new Problem('locked');
}

/** Tags are compared in one form: NFKC, lower case. */
export function normalTag(tag: string): string {
  return tag.normalize('NFKC').toLowerCase().trim();
}

type Editable = Pick<Discussion, 'categories' | 'tags' | 'accessMode' | 'visibility'>;

/** @throws Problem `invalid-input`, with every field that is wrong. */
function checkFields({ categories, tags, accessMode, visibility }: Editable): void {
  const fields: FieldProblem[] = categories.flatMap((category, index) =>
    isLeaf(category) ? [] : [{ pointer: `/body/categories/${index}`, code: 'choice' as const }],
  );
  if (new Set(categories).size < categories.length) fields.push({ pointer: '/body/categories', code: 'distinct' });
  if (new Set(tags).size < tags.length) fields.push({ pointer: '/body/tags', code: 'distinct' });
  tags.forEach((tag, index) => {
    const length = [...tag].length;
    if (length < 1 || length > 30) fields.push({ pointer: `/body/tags/${index}`, code: 'length', least: 1, most: 30 });
  });
  if (visibility === 'restricted' && accessMode !== 'allowlist') {
    fields.push({ pointer: '/body/visibility', code: 'choice' });
  }
  if (fields.length > 0) throw new Problem('invalid-input', { fields });
}

/** A new discussion. @throws Problem `invalid-input` */
export function newDiscussion(body: DiscussionBody, ownerId: string, discussionId: string, at: string): Discussion {
  const { points: _points, knowledge: _knowledge, tags, ...fields } = body;
  const discussion: Discussion = {
    ...fields,
    tags: tags.map(normalTag),
    discussionId,
    ownerId,
    state: 'active',
    pinned: false,
    featured: false,
    accessCount: 0,
    moderatorCount: 0,
    version: 1,
    createdAt: at,
    updatedAt: at,
  };
  checkFields(discussion);
  return discussion;
}

/** The discussion after a merge patch. @throws Problem `invalid-input`, `locked` */
export function patchedDiscussion(discussion: Discussion, patch: DiscussionPatch): Discussion {
  checkEditable(discussion);
  const after: Discussion = {
    ...discussion,
    title: patch.title ?? discussion.title,
    description: patch.description ?? discussion.description,
    ownerStance: patch.ownerStance ?? discussion.ownerStance,
    categories: patch.categories ?? discussion.categories,
    tags: (patch.tags ?? discussion.tags).map(normalTag),
    accessMode: patch.accessMode ?? discussion.accessMode,
    visibility: patch.visibility ?? discussion.visibility,
  };
  checkFields(after);
  return after;
}

type OpenState = 'active' | 'locked' | 'archived';

/** From an archive nothing comes back. */
const TRANSITIONS: Readonly<Record<OpenState, readonly OpenState[]>> = {
  active: ['active', 'locked', 'archived'],
  locked: ['active', 'locked', 'archived'],
  archived: ['archived'],
};

/** @throws Problem `invalid-transition` */
export function inState(discussion: Discussion, state: OpenState): Discussion {
  const from = discussion.state;
  if (from === 'deleted' || !TRANSITIONS[from].includes(state)) throw new Problem('invalid-transition');
  return { ...discussion, state };
}

export function deletedDiscussion(discussion: Discussion, at: string): Discussion {
  return { ...discussion, state: 'deleted', deletedAt: at };
}

/** Lists in which a discussion stands: `all`, its leaves, what is above them, its tags. Hidden ones stand in none. */
export function listingsOf({ state, visibility, categories, tags }: Discussion): readonly string[] {
  if (visibility === 'restricted' || state === 'archived' || state === 'deleted') return [];
  return [...new Set(['all', ...categories, ...categories.map(parentOf), ...tags.map((tag) => `tag:${tag}`)])];
}

/** The knowledge that a request describes. @throws Problem `invalid-input` for an id that is not there, or a file twice. */
export function knowledgeFrom(
  discussionId: string,
  inputs: readonly KnowledgeInput[],
  before: readonly Knowledge[],
  newId: Ids,
): readonly Knowledge[] {
  const ids = inputs.map(({ id }) => id).filter((id) => id !== undefined);
  const files = inputs.flatMap((input) => (input.kind === 'file' ? [input.fileId] : []));
  if (new Set(ids).size < ids.length || new Set(files).size < files.length) {
    throw invalidField('/body/knowledge', 'distinct');
  }
  return inputs.map(({ id, ...content }, order): Knowledge => {
    if (id !== undefined && !before.some(({ knowledgeId }) => knowledgeId === id)) {
      throw invalidField(`/body/knowledge/${order}/id`, 'reference');
    }
    return { ...content, discussionId, knowledgeId: id ?? newId(), order };
  });
}

export function knowledgeViews(knowledge: readonly Knowledge[]): KnowledgeView[] {
  return [...knowledge]
    .sort((one, other) => one.order - other.order)
    .map(({ discussionId: _discussionId, order: _order, ...view }) => view);
}

export function discussionListItemView(
  discussion: Discussion,
  statistics: DiscussionStatistics,
  owner: Profile | undefined,
): DiscussionListItem {
  const { discussionId, title, description, categories, tags, state, accessMode, visibility } = discussion;
  const { posts, participants, reactions, ...stances } = statistics;
  return {
    discussionId,
    title,
    description,
    ...(owner === undefined ? {} : { owner: userReferenceView(owner) }),
    categories,
    tags,
    state,
    accessMode,
    visibility,
    pinned: discussion.pinned,
    featured: discussion.featured,
    statistics: { posts, participants, reactions, stances },
    createdAt: discussion.createdAt,
    updatedAt: discussion.updatedAt,
  };
}

/** All that the detail shows. */
export interface DiscussionParts {
  readonly standpoint: Standpoint & { readonly participant?: { readonly lastStance: Stance } };
  readonly points: readonly Point[];
  readonly knowledge: readonly Knowledge[];
  readonly statistics: DiscussionStatistics;
  readonly owner: Profile | undefined;
}

export function discussionDetailView(parts: DiscussionParts, reader: Reader, now: Date): DiscussionDetail {
  const { standpoint, points, knowledge, statistics, owner } = parts;
  const { discussion } = standpoint;
  return {
    ...discussionListItemView(discussion, statistics, owner),
    ownerStance: discussion.ownerStance,
    points: pointViews(points),
    knowledge: knowledgeViews(knowledge),
    permissions: discussionPermissions(standpoint, reader, now),
    defaultStance: standpoint.participant?.lastStance ?? 'unknown',
    version: discussion.version,
  };
}

function discussionPermissions(standpoint: Standpoint, reader: Reader, now: Date): DiscussionDetail['permissions'] {
  const relation = relationTo(standpoint, reader);
  const rows = {
    post: 'post',
    manage: 'manageDiscussion',
    moderate: 'moderatePost',
    curate: 'curateDiscussion',
  } as const;
  const names = ['post', 'manage', 'moderate', 'curate'] as const;
  return names.filter((name) => {
    const admitted =
      admits(rows[name], reader.role, relation) && barredBy(rows[name], reader.standing, now) === undefined;
    return admitted && (name !== 'post' || mayPost(standpoint, reader));
  });
}

function mayPost(standpoint: Standpoint, reader: Reader): boolean {
  try {
    checkPosting(standpoint, reader);
    return true;
  } catch {
    return false;
  }
}
