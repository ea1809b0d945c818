import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { objectKey } from '../../contract/entities/index.ts';
import type { DomainEvent } from '../../contract/events.ts';
import type { Stores } from '../../data/stores/index.ts';
import { eachEvent, type ConsumerLog } from '../shared/consumer.ts';

/** Deletes an object of the files bucket; one that is not there is no error. */
export type DeleteObject = (key: string) => Promise<void>;

/** Deletes what belonged to something that is gone. */
export function createCleanup(deps: {
  readonly purge: Stores['purge'];
  readonly deleteObject: DeleteObject;
  readonly now: () => Date;
  readonly log: ConsumerLog;
}): (batch: SQSEvent) => Promise<SQSBatchResponse> {
  const { purge, deleteObject } = deps;

  const handle = async (event: DomainEvent): Promise<void> => {
    const at = deps.now().toISOString();
    switch (event.type) {
      case 'discussion.removed':
        return purge.discussion(event.before.discussionId);
      case 'post.removed':
        return purge.post(event.before, at);
      case 'user.removed':
        return purge.user(event.before.userId);
      case 'file.updated':
        return event.after.state === 'deleted' ? deleteObject(objectKey(event.after.fileId)) : undefined;
      case 'file.removed':
        await purge.file(event.before, event.id, at);
        return deleteObject(objectKey(event.before.fileId));
      default:
        return undefined;
    }
  };

  return eachEvent(handle, deps.log);
}
