import type { File } from '../../contract/entities/index.ts';
import type { Change, Page, PageRequest } from './page.ts';

/** What a user may store. */
export interface Quota {
  readonly files: number;
  readonly bytes: number;
  readonly pending: number;
}

export interface FileStore {
  /** Announces an upload and counts it against the quota. @throws Refusal `exists` (file); `limit` (quota). */
  create(file: File, quota: Quota, change: Change): Promise<void>;

  file(fileId: string): Promise<File | undefined>;
  /** In no order; at most 100 ids. */
  files(fileIds: readonly string[]): Promise<readonly File[]>;
  /** A user's files, newest first, deleted ones left out. */
  byOwner(userId: string, page: PageRequest): Promise<Page<File>>;

  /**
   * Moves a file to the next state on its way `pending → uploaded → scanning → clean | rejected`; where it has come that
   * far or further nothing happens. @returns the file as it is then, or undefined when there is none.
   */
  advance(fileId: string, to: 'uploaded' | 'scanning' | 'clean', change: Change): Promise<File | undefined>;
  reject(fileId: string, why: NonNullable<File['rejection']>, change: Change): Promise<File | undefined>;

  /**
   * Marks a file as deleted and gives its room back to the quota.
   * @throws Refusal `version` or `missing` (file); `state` while it is attached.
   */
  delete(file: File, change: Change): Promise<void>;

  /**
   * Makes a clean file of the user the avatar (`claim`), and lets the one before go (`release`).
   * @throws Refusal `state` (file).
   */
  changeAvatar(userId: string, files: { claim?: string; release?: string }, change: Change): Promise<void>;
}
