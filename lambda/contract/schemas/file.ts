import * as z from 'zod';
import { file, id, moment } from '../entities/index.ts';
import { fileSizes } from '../limits.ts';
import { component } from './components.ts';

const contentTypes = Object.keys(fileSizes);

export const fileBody = component(
  'FileBody',
  z.strictObject({
    name: file.shape.name,
    contentType: z
      .string()
      .min(1)
      .max(100)
      .describe(`One of ${contentTypes.join(', ')}.`),
    size: file.shape.size.describe('Bytes.'),
    sha256: file.shape.sha256,
    purpose: file.shape.purpose,
  }),
);
export type FileBody = z.infer<typeof fileBody>;

/** A form for the upload: POST these fields, then the file, to the address. */
export const uploadForm = component(
  'UploadForm',
  z.strictObject({
    fileId: id,
    url: z.string(),
    fields: z.record(z.string(), z.string()),
    expiresIn: z.int().min(1).describe('Seconds.'),
  }),
);
export type UploadForm = z.infer<typeof uploadForm>;

/** What readers of a post see of its attachment. */
export const fileReference = component(
  'FileReference',
  z.strictObject({
    fileId: id,
    name: file.shape.name,
    contentType: file.shape.contentType,
    size: file.shape.size,
  }),
);
export type FileReference = z.infer<typeof fileReference>;

export const fileView = component(
  'File',
  z.strictObject({
    ...fileReference.shape,
    purpose: file.shape.purpose,
    state: file.shape.state,
    rejection: file.shape.rejection,
    attached: z.boolean(),
    createdAt: moment,
    downloadUrl: z.string().optional().describe('Only for a clean file; lasts five minutes.'),
  }),
);
export type FileView = z.infer<typeof fileView>;
