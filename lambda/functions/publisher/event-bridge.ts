import { PutEventsCommand, type EventBridgeClient, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { EVENT_SOURCE, type DomainEvent } from '../../contract/events.ts';
import type { EventBus } from './app.ts';

/** Entries and bytes that PutEvents takes a call. */
const MOST_ENTRIES = 10;
const MOST_BYTES = 256 * 1024;

/** The EventBridge bus. */
export function eventBridge(client: EventBridgeClient, busName: string): EventBus {
  const put = async (events: readonly DomainEvent[]): Promise<string[]> => {
    const entries = events.map((event) => entryOf(event, busName));
    const answer = await client.send(new PutEventsCommand({ Entries: entries }));
    return events.filter((_, at) => answer.Entries?.[at]?.EventId === undefined).map(({ id }) => id);
  };

  return {
    publish: async (events) => {
      const refused = new Set<string>();
      for (const part of parts(events)) {
        const failed = await put(part).catch(() => part.map(({ id }) => id));
        for (const id of failed) refused.add(id);
      }
      return refused;
    },
  };
}

function entryOf(event: DomainEvent, busName: string): PutEventsRequestEntry {
  return {
    EventBusName: busName,
    Source: EVENT_SOURCE,
    DetailType: event.type,
    Detail: JSON.stringify(event),
    Time: new Date(event.at),
  };
}

function parts(events: readonly DomainEvent[]): DomainEvent[][] {
  const result: DomainEvent[][] = [];
  let bytes = 0;
  for (const event of events) {
    const size = Buffer.byteLength(JSON.stringify(event)) + 200;
    const current = result.at(-1);
    if (current === undefined || current.length === MOST_ENTRIES || bytes + size > MOST_BYTES) {
      result.push([event]);
      bytes = size;
    } else {
      current.push(event);
      bytes += size;
    }
  }
  return result;
}
