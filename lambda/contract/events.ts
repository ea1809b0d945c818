import * as z from 'zod';
import { accessEntry, discussion, moderator, participant } from './entities/discussion.ts';
import { file } from './entities/file.ts';
import { post, reaction } from './entities/post.ts';
import { profile } from './entities/user.ts';
import { moment } from './entities/values.ts';

/** Who sends the events, as the bus calls it; the detail type of each is its type. */
export const EVENT_SOURCE = 'owlnest';

/** The entities whose changes are events, each with the schema of `before` and `after`. */
export const eventEntities = {
  user: profile,
  discussion,
  access: accessEntry,
  moderator,
  participant,
  post,
  reaction,
  file,
} as const;
export type EventEntity = keyof typeof eventEntities;

const common = {
  /** The same for every delivery of the event, and for every event made of the same stream record. */
  id: z.string().min(1).max(128),
  version: z.literal(1),
  at: moment,
  /** Who changed it; absent where the change does not tell (an item that expired, a plain delete). */
  actorId: z.string().optional(),
  correlationId: z.string().optional(),
};

/** The three events of an entity: what it was before, and what it is after. */
function eventsOf<Name extends EventEntity>(
  name: Name,
): [
  z.ZodObject<typeof common & { type: z.ZodLiteral<`${Name}.created`>; after: (typeof eventEntities)[Name] }>,
  z.ZodObject<
    typeof common & {
      type: z.ZodLiteral<`${Name}.updated`>;
      before: (typeof eventEntities)[Name];
      after: (typeof eventEntities)[Name];
    }
  >,
  z.ZodObject<typeof common & { type: z.ZodLiteral<`${Name}.removed`>; before: (typeof eventEntities)[Name] }>,
] {
  const schema = eventEntities[name];
  return [
    z.object({ ...common, type: z.literal(`${name}.created`), after: schema }),
    z.object({ ...common, type: z.literal(`${name}.updated`), before: schema, after: schema }),
    z.object({ ...common, type: z.literal(`${name}.removed`), before: schema }),
  ];
}

/**
 * What has happened to an entity: `<entity>.created|updated|removed`, made of one change of one item. *Removed* is the item
 * itself (expired or purged); a post that its author deletes is `post.updated` with the status `deleted`.
 */
export const domainEvent = z.discriminatedUnion('type', [
  ...eventsOf('user'),
  ...eventsOf('discussion'),
  ...eventsOf('access'),
  ...eventsOf('moderator'),
  ...eventsOf('participant'),
  ...eventsOf('post'),
  ...eventsOf('reaction'),
  ...eventsOf('file'),
]);
export type DomainEvent = z.infer<typeof domainEvent>;
export type EventType = DomainEvent['type'];
