import * as z from 'zod';
import { page, pageQuery } from '../schemas/page.ts';
import { fileBody, fileView, uploadForm } from '../schemas/file.ts';
import type { Operation } from './operation.ts';

const shared = { function: 'file' } as const;

/** Uploads and downloads; the bytes themselves go to the object store and come from it. */
export const fileOperations = {
  createFile: {
    ...shared,
    method: 'POST',
    path: '/files',
    summary: 'Announce a file and get the form for its upload. An avatar may be uploaded by anybody.',
    routeClass: 'write',
    // Role `contributor` is asked for in the handler, since an avatar needs none.
    permission: 'react',
    body: fileBody,
    success: { status: 201, body: uploadForm },
    problems: ['quota-exceeded', 'unsupported-file-type', 'file-too-large'],
    idempotent: true,
    rateLimit: 'uploads',
  },
  listFiles: {
    ...shared,
    method: 'GET',
    path: '/files',
    summary: 'The own files, newest first.',
    routeClass: 'list',
    permission: 'account',
    query: z.strictObject(pageQuery),
    success: { status: 200, body: page('FilePage', fileView) },
    problems: ['invalid-cursor'],
  },
  getFile: {
    ...shared,
    method: 'GET',
    path: '/files/{fileId}',
    summary: 'A file, with an address for its download once it is clean.',
    routeClass: 'read',
    permission: 'read',
    success: { status: 200, body: fileView },
    problems: ['not-clean'],
  },
  deleteFile: {
    ...shared,
    method: 'DELETE',
    path: '/files/{fileId}',
    summary: 'Delete an own file that is attached to nothing.',
    routeClass: 'write',
    permission: 'account',
    success: { status: 204 },
    problems: ['attached', 'version-conflict'],
  },
} as const satisfies Readonly<Record<string, Operation>>;
