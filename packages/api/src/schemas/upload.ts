import * as z from 'zod';
import { link } from './common.ts';

/** Schemas of uploads. What the server checks is `uploadSpec` of @swath/uploads; this is how it is described. */

export const uploadBody = z
  .object({
    fileName: z.string().describe('Name of the file at home. It becomes part of the id of the Item.'),
    sizeBytes: z.int().min(1).describe('At most 5 GiB.'),
    sha256: z.string().optional().describe('64 hex digits: a file that arrives otherwise is refused.'),
    collection: z.string().describe('Collection of the project it goes into; made when it is not there.'),
    datetime: z.string().describe('When it was taken: a date, or an RFC 3339 instant.'),
    bands: z
      .array(z.object({ name: z.string(), description: z.string().optional(), unit: z.string().optional() }))
      .optional()
      .describe('All bands in the order of the file, as expressions call them. By default b1, b2, ...'),
    nodata: z
      .union([z.number(), z.literal('nan')])
      .optional()
      .describe('By default what the file says.'),
    scale: z
      .number()
      .optional()
      .describe('value = DN * scale + offset. By default what the file says, else 1.'),
    offset: z.number().optional().describe('By default what the file says, else 0.'),
    title: z.string().optional(),
  })
  .meta({ id: 'UploadInput' });

export const partsBody = z
  .object({ parts: z.array(z.int()).optional().describe('By default those that are missing.') })
  .meta({ id: 'UploadPartsInput' });

export const completeBody = z
  .object({
    parts: z
      .array(z.object({ part: z.int(), etag: z.string() }))
      .optional()
      .describe('The ETag header that each PUT answered. By default what has arrived counts.'),
  })
  .meta({ id: 'UploadCompleteInput' });

const fields = {
  id: z.string(),
  state: z
    .enum(['waiting', 'uploading', 'checking', 'registered', 'refused', 'expired'])
    .describe('`registered` and `refused` are final; `waiting` and `uploading` end at `openUntil`.'),
  fileName: z.string(),
  sizeBytes: z.int(),
  sha256: z.string().nullable(),
  collection: z.string(),
  datetime: z.string(),
  title: z.string().nullable(),
  partSizeBytes: z.int().describe('Bytes of every part but the last.'),
  partCount: z.int(),
  createdAt: z.string(),
  updatedAt: z.string(),
  openUntil: z.string().describe('Until then it has to be completed.'),
  refusal: z
    .object({ reason: z.string(), message: z.string(), fix: z.string() })
    .nullable()
    .describe('Why the file is not taken, and what to do.'),
  item: z
    .object({ collection: z.string(), id: z.string() })
    .nullable()
    .describe('Where it is registered in the STAC catalogue of the project.'),
  notes: z.array(z.string()).describe('What is worth knowing about the file.'),
  links: z.array(link),
};

const partLinks = z
  .array(z.object({ part: z.int(), sizeBytes: z.int(), url: z.string() }))
  .describe('PUT exactly `sizeBytes` bytes to `url`, within the hour; keep the ETag header of the answer.');

const received = z
  .array(z.object({ part: z.int(), etag: z.string(), sizeBytes: z.int() }))
  .describe('Parts that have arrived, while the upload is open.');

export const uploadView = z.object(fields).meta({ id: 'Upload' });
export const begunUpload = z.object({ ...fields, parts: partLinks }).meta({ id: 'BegunUpload' });
export const lookedAtUpload = z.object({ ...fields, received }).meta({ id: 'UploadWithParts' });
export const uploadParts = z.object({ parts: partLinks, received }).meta({ id: 'UploadParts' });
export const uploadList = z
  .object({ uploads: z.array(uploadView), links: z.array(link) })
  .meta({ id: 'UploadList' });
