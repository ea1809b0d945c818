import * as z from 'zod';
import { discussion, id, knowledge, moment, point, stance, text, userId } from '../entities/index.ts';
import { component } from './components.ts';
import { page } from './page.ts';
import { userReference } from './user.ts';

const { title, description, ownerStance, categories, tags, accessMode, visibility, state } = discussion.shape;

/** A point in a request. `id` names one that is there; `key` lets others of the same request name a new one as parent. */
export const pointInput = component(
  'PointInput',
  z.strictObject({
    id: id.optional(),
    key: z.string().min(1).max(40).optional(),
    parent: z.string().min(1).max(40).optional().describe('`id` or `key` of the point above.'),
    title: point.shape.title,
    description: point.shape.description,
    order: point.shape.order.max(1000),
  }),
);
export type PointInput = z.infer<typeof pointInput>;

export const pointView = component(
  'Point',
  z.strictObject({
    pointId: id,
    parentId: id.optional(),
    title: point.shape.title,
    description: point.shape.description,
    order: point.shape.order,
  }),
);
export type PointView = z.infer<typeof pointView>;

const knowledgeTitle = { id: id.optional(), title: text(1, 100).optional() };

/** A knowledge item in a request: a text, an address, or a clean file. */
export const knowledgeInput = component(
  'KnowledgeInput',
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('text'), text: text(1, 2000), ...knowledgeTitle }),
    z.strictObject({ kind: z.literal('url'), url: z.url({ protocol: /^https$/ }).max(2048), ...knowledgeTitle }),
    z.strictObject({ kind: z.literal('file'), fileId: id, ...knowledgeTitle }),
  ]),
);
export type KnowledgeInput = z.infer<typeof knowledgeInput>;

const [textKnowledge, urlKnowledge, fileKnowledge] = knowledge.options;
const shownKnowledge = { knowledgeId: id, title: textKnowledge.shape.title };

export const knowledgeView = component(
  'Knowledge',
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('text'), text: textKnowledge.shape.text, ...shownKnowledge }),
    z.strictObject({ kind: z.literal('url'), url: urlKnowledge.shape.url, ...shownKnowledge }),
    z.strictObject({ kind: z.literal('file'), fileId: fileKnowledge.shape.fileId, ...shownKnowledge }),
  ]),
);
export type KnowledgeView = z.infer<typeof knowledgeView>;

export const points = z.array(pointInput).min(1).max(20);
export const knowledgeItems = z.array(knowledgeInput).max(10);

/** What can be edited of a discussion besides its points and knowledge. */
const editable = {
  title,
  description,
  ownerStance,
  categories,
  tags,
  accessMode,
  visibility,
};

export const discussionBody = component(
  'DiscussionBody',
  z.strictObject({
    ...editable,
    ownerStance: ownerStance.default('unknown'),
    tags: tags.default([]),
    accessMode: accessMode.default('open'),
    visibility: visibility.default('members'),
    points,
    knowledge: knowledgeItems.default([]),
  }),
);
export type DiscussionBody = z.infer<typeof discussionBody>;

export const discussionPatch = component('DiscussionPatch', z.strictObject(editable).partial());
export type DiscussionPatch = z.infer<typeof discussionPatch>;

export const statisticsView = component(
  'DiscussionStatistics',
  z.strictObject({
    posts: z.int().min(0),
    participants: z.int().min(0),
    reactions: z.int().min(0),
    stances: z.strictObject({
      pros: z.int().min(0),
      cons: z.int().min(0),
      neutral: z.int().min(0),
      unknown: z.int().min(0),
    }),
  }),
);

export const discussionListItem = component(
  'DiscussionListItem',
  z.strictObject({
    discussionId: id,
    title,
    description,
    owner: userReference.optional().describe('Absent once the account is erased.'),
    categories,
    tags,
    state,
    accessMode,
    visibility,
    pinned: z.boolean(),
    featured: z.boolean(),
    statistics: statisticsView,
    createdAt: moment,
    updatedAt: moment,
  }),
);
export type DiscussionListItem = z.infer<typeof discussionListItem>;

export const discussionPage = page('DiscussionPage', discussionListItem);

/** What the caller may do with a discussion. */
export const DISCUSSION_PERMISSIONS = ['post', 'manage', 'moderate', 'curate'] as const;

export const discussionDetail = component(
  'DiscussionDetail',
  z.strictObject({
    ...discussionListItem.shape,
    ownerStance,
    points: z.array(pointView),
    knowledge: z.array(knowledgeView),
    permissions: z.array(z.enum(DISCUSSION_PERMISSIONS)),
    defaultStance: stance.describe("The caller's last stance here, offered for the next post."),
    version: discussion.shape.version,
  }),
);
export type DiscussionDetail = z.infer<typeof discussionDetail>;

export const listedUser = component('ListedUser', z.strictObject({ userId, createdAt: moment }));

export const categoryTree = component(
  'Categories',
  z.strictObject({
    items: z.array(
      z.strictObject({
        id: z.string(),
        names: z.strictObject({ ja: z.string(), en: z.string() }),
        leaves: z.array(z.strictObject({ id: z.string(), names: z.strictObject({ ja: z.string(), en: z.string() }) })),
      }),
    ),
  }),
);
