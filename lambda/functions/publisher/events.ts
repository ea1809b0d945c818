import { createHash } from 'node:crypto';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import * as z from 'zod';
import { domainEvent, type DomainEvent, type EventEntity } from '../../contract/events.ts';

/** The entity of an item by its attribute `type`; other items make no events. */
const entities: Readonly<Record<string, EventEntity>> = {
  profile: 'user',
  discussion: 'discussion',
  access: 'access',
  moderator: 'moderator',
  participant: 'participant',
  post: 'post',
  reaction: 'reaction',
  file: 'file',
};

const image = z.looseObject({
  type: z.string(),
  updatedAt: z.string(),
  changedBy: z.string().optional(),
  correlationId: z.string().optional(),
});
type Image = z.output<typeof image>;

const changes = { INSERT: 'created', MODIFY: 'updated', REMOVE: 'removed' } as const;

/**
 * The event of one record of the table's stream, undefined for an item that makes none. Its id follows from the record, so
 * a record that is read twice gives the same event.
 * @throws ZodError when the item is not of its entity's form
 */
export function eventOf({ eventID, eventName, dynamodb }: DynamoDBRecord): DomainEvent | undefined {
  const [before, after] = [imageOf(dynamodb?.OldImage), imageOf(dynamodb?.NewImage)];
  const entity = entityOf(after ?? before);
  if (entity === undefined || eventName === undefined || eventID === undefined) return undefined;
  const at = after?.updatedAt ?? momentOf(dynamodb?.ApproximateCreationDateTime);
  return domainEvent.parse({
    id: eventId(eventID, Date.parse(at)),
    type: `${entity}.${changes[eventName]}`,
    version: 1,
    at,
    actorId: after?.changedBy,
    correlationId: after?.correlationId,
    before,
    after,
  });
}

function entityOf(newest: Image | undefined): EventEntity | undefined {
  return newest === undefined ? undefined : entities[newest.type];
}

function momentOf(seconds = 0): string {
  return new Date(seconds * 1000).toISOString();
}

function imageOf(attributes: NonNullable<DynamoDBRecord['dynamodb']>['NewImage']): Image | undefined {
  if (attributes === undefined) return undefined;
  const json = z.record(z.string(), z.custom<AttributeValue>()).parse(attributes);
  return image.parse(unmarshall(json));
}

/** A UUIDv7 of a time, random only as the record's own id is. */
function eventId(recordId: string, milliseconds: number): string {
  const hash = createHash('sha256').update(recordId).digest('hex');
  const time = milliseconds.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8, 12)}-7${hash.slice(0, 3)}-8${hash.slice(3, 6)}-${hash.slice(6, 18)}`;
}
