import type { File } from '../../contract/entities/index.ts';
import { objectKey } from '../../contract/entities/index.ts';
import { DOWNLOAD_SECONDS, fileQuota, UPLOAD_SECONDS } from '../../contract/limits.ts';
import { fileOperations } from '../../contract/operations/index.ts';
import { Refusal, type Stores } from '../../data/stores/index.ts';
import { mayRead } from '../../domain/discussion.ts';
import { fileViewOf, newFile, shownInPage } from '../../domain/file.ts';
import { idsFrom } from '../../domain/ids.ts';
import type { Reader } from '../../domain/permissions.ts';
import { readablePost } from '../../domain/post.ts';
import { Problem } from '../../domain/problem.ts';
import type { FileObjects } from '../clients/file-objects.ts';
import { restHandler, type RestHandler } from '../rest/adapter.ts';
import type { PagingDependencies } from '../rest/dependencies.ts';

export interface FileDependencies extends PagingDependencies {
  readonly objects: FileObjects;
}

/** The function `file`. */
export function createFile(dependencies: FileDependencies): RestHandler {
  const { stores, objects, now, random } = dependencies;
  const newId = idsFrom(now, random);

  return restHandler(
    fileOperations,
    {
      createFile: async ({ body, caller, change }) => {
        const file = newFile(body, caller, newId(), change.at);
        await refused('limit', 'quota-exceeded', () => stores.files.create(file, fileQuota, change));
        const { contentType, size, sha256, fileId } = file;
        const key = objectKey(fileId);
        const form = await objects.uploadForm({ key, contentType, size, sha256, seconds: UPLOAD_SECONDS });
        const body201 = { fileId, url: form.url, fields: { ...form.fields }, expiresIn: UPLOAD_SECONDS };
        return { body: body201, location: `/files/${fileId}` };
      },

      listFiles: async ({ page, caller }) => {
        const { items, next } = await stores.files.byOwner(caller.userId, page);
        return { body: { items: items.map((file) => fileViewOf(file)) }, next };
      },

      getFile: async ({ params, caller }) => {
        const file = await stores.files.file(params.fileId);
        if (file === undefined || file.state === 'deleted') throw new Problem('not-found');
        const own = file.ownerId === caller.userId;
        if (!own && !(await mayReadParent(stores, file, caller))) throw new Problem('not-found');
        if (file.state === 'clean') return { body: fileViewOf(file, await download(file)) };
        if (!own) throw new Problem('not-clean');
        return { body: fileViewOf(file) };
      },

      deleteFile: async ({ params, caller, change }) => {
        const file = await stores.files.file(params.fileId);
        const own = file?.ownerId === caller.userId && file.state !== 'deleted';
        if (!own) throw new Problem('not-found');
        await refused('state', 'attached', () => stores.files.delete(file, change));
        return { body: undefined };
      },
    },
    dependencies,
  );

  async function download({ fileId, contentType, name }: File): Promise<string> {
    const attachment = shownInPage(contentType) ? undefined : name;
    return objects.downloadUrl({ key: objectKey(fileId), contentType, attachment, seconds: DOWNLOAD_SECONDS });
  }
}

/** Whether the reader may read what the file is attached to. A file that is attached to nothing is private. */
async function mayReadParent(stores: Stores, { parent }: File, reader: Reader): Promise<boolean> {
  if (parent === undefined) return false;
  // Avatars are shown wherever the user is.
  if (parent.type === 'user') return true;
  const post = parent.type === 'post' ? await stores.posts.post(parent.id) : undefined;
  const discussionId = parent.type === 'discussion' ? parent.id : post?.discussionId;
  if (discussionId === undefined) return false;
  const standpoint = await stores.discussions.standpoint(discussionId, reader.userId);
  if (standpoint === undefined) return false;
  if (post === undefined) return standpoint.discussion.state !== 'deleted' && mayRead(standpoint, reader);
  try {
    return readablePost(post, standpoint, reader) === post;
  } catch (error) {
    if (error instanceof Problem) return false;
    throw error;
  }
}

async function refused(
  reason: 'limit' | 'state',
  code: 'quota-exceeded' | 'attached',
  write: () => Promise<void>,
): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (error instanceof Refusal && error.reason === reason) throw new Problem(code, { cause: error });
    throw error;
  }
}
