import { describe, expect, it } from '@jest/globals';
import { domainEvent, type DomainEvent } from '../../../lambda/contract/events.ts';
import { createPublisher } from '../../../lambda/functions/publisher/app.ts';
import { eventBridge } from '../../../lambda/functions/publisher/event-bridge.ts';
import { aDiscussion, aPoint, aPost, aProfile, changeBy, somePreferences } from '../data/samples.ts';
import { twinStores } from '../data/twin-stores.ts';
import { published, quiet, streamEvent } from './delivery.ts';

async function twoPosts(): Promise<ReturnType<typeof twinStores>> {
  const test = twinStores();
  const profile = aProfile();
  const change = changeBy(profile.userId, test.clock);
  const discussion = aDiscussion(profile.userId);
  const point = aPoint(discussion.discussionId);
  await test.stores.discussions.create({ discussion, points: [point], knowledge: [], listings: ['all'] }, change);
  for (const at of [0, 1]) {
    const post = aPost({ ...point, hasPosts: at > 0 }, profile.userId);
    await test.stores.posts.create(post, { ...point, hasPosts: at > 0 }, change);
  }
  return test;
}

describe('the publisher', () => {
  it('makes one event of each change of an entity, and none of other items', async () => {
    const { twin } = await twoPosts();
    const events = await published(twin.records);
    // The author's second post leaves the participant as it is.
    const types = ['discussion.created', 'post.created', 'participant.created', 'post.created'];
    expect(events.map(({ type }) => type)).toEqual(types);
    expect(events.every((event) => domainEvent.safeParse(event).success)).toBe(true);
    expect(events[0]).toMatchObject({ correlationId: 'request-1', at: '2026-11-25T05:00:00.000Z' });
    expect(JSON.stringify(events)).not.toMatch(/GSI1PK|changedBy|"PK"/);
  });

  it('gives a record that is read twice the same event', async () => {
    const { twin } = await twoPosts();
    expect(await published(twin.records)).toEqual(await published(twin.records));
    const ids = (await published(twin.records)).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('says nothing of who deleted what has expired', async () => {
    const { stores, clock, twin } = twinStores();
    const profile = aProfile();
    const change = changeBy(profile.userId, clock);
    await stores.users.create(profile, somePreferences(profile.userId), change);
    await stores.users.close(profile, undefined, change);
    clock.pass(30 * 24 * 3_600_000);
    twin.expire();
    const [, closed, removed] = await published(twin.records);
    expect(closed).toMatchObject({ type: 'user.updated', after: { standing: { state: 'closed' } } });
    expect(removed).toMatchObject({ type: 'user.removed' });
    expect(removed?.actorId).toBeUndefined();
  });

  it('asks for the stream again from the first event that the bus did not take', async () => {
    const { twin } = await twoPosts();
    const events = await published(twin.records);
    const second = events[1];
    const sent: string[] = [];
    const publish = createPublisher({
      bus: {
        publish: (some) => {
          sent.push(...some.map(({ id }) => id));
          return Promise.resolve(new Set([second?.id ?? '', events.at(-1)?.id ?? '']));
        },
      },
      log: quiet,
    });
    const { batchItemFailures } = await publish(streamEvent(twin.records));
    const failing = twin.records.find(
      ({ dynamodb }) => dynamodb.NewImage?.['type'] !== undefined && keyOf(dynamodb.NewImage) === second?.type,
    );
    expect(sent).toEqual(events.map(({ id }) => id));
    expect(batchItemFailures).toEqual([{ itemIdentifier: failing?.dynamodb.SequenceNumber }]);
  });

  it('publishes what comes before a record that cannot be read, and asks for that record again', async () => {
    const { twin } = await twoPosts();
    const [first, ...rest] = twin.records;
    const broken = {
      ...rest.find(({ dynamodb }) => dynamodb.NewImage !== undefined && keyOf(dynamodb.NewImage) === 'post.created'),
    };
    const image = { ...broken.dynamodb?.NewImage, status: { S: 'unheard of' } };
    const record = { ...broken, dynamodb: { ...broken.dynamodb, NewImage: image } };
    const sent: DomainEvent[] = [];
    const publish = createPublisher({
      bus: {
        publish: (some) => {
          sent.push(...some);
          return Promise.resolve(new Set());
        },
      },
      log: quiet,
    });
    const { batchItemFailures } = await publish(streamEvent([first, record] as TestRecords));
    expect(sent.map(({ type }) => type)).toEqual(['discussion.created']);
    expect(batchItemFailures).toEqual([{ itemIdentifier: broken.dynamodb?.SequenceNumber }]);
  });

  it('puts ten events a call, and names all of a call that failed', async () => {
    const sizes: number[] = [];
    const client = {
      send: (command: { input: { Entries: object[] } }) => {
        sizes.push(command.input.Entries.length);
        if (sizes.length === 2) return Promise.reject(new Error('no answer'));
        return Promise.resolve({ Entries: command.input.Entries.map((_, at) => (at === 3 ? {} : { EventId: 'x' })) });
      },
    };
    const [event] = await published((await twoPosts()).twin.records);
    const events = Array.from({ length: 25 }, (_, at) => ({ ...event, id: `${at}` }) as DomainEvent);
    const refused = await eventBridge(client as never, 'bus').publish(events);
    expect(sizes).toEqual([10, 10, 5]);
    expect([...refused].map(Number)).toEqual([3, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 23]);
  });
});

type TestRecords = Parameters<typeof streamEvent>[0];

/** The event that an image makes when its item is new. */
function keyOf(
  image: NonNullable<ReturnType<typeof twinStores>['twin']['records'][number]['dynamodb']['NewImage']>,
): string {
  const type = image['type'];
  return `${type !== undefined && 'S' in type ? type.S : ''}.created`;
}
