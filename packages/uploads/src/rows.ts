import { SwathError } from '@swath/core';
import type { Row, RowKey } from '@swath/ports';
import * as z from 'zod';
import { type Refusal, refusals } from './reasons.ts';
import { uploadSpec } from './spec.ts';

/**
 * States as they are stored. `open` is told as `waiting` or `uploading`, by whether parts have arrived. Terminal is
 * terminal, but for deleting.
 */
export const nextStates = {
  open: ['checking', 'expired', 'deleted'],
  checking: ['registered', 'refused', 'deleted'],
  registered: ['deleted'],
  refused: ['deleted'],
  expired: ['deleted'],
  deleted: [],
} as const;
export type StoredState = keyof typeof nextStates;

const reasonWords = Object.keys(refusals) as (keyof typeof refusals)[];

const row = z.object({
  pk: z.string(),
  sk: z.string(),
  id: z.string(),
  project: z.string(),
  state: z.enum(Object.keys(nextStates) as StoredState[]),
  /** Grows with every write: what writes are conditional on. */
  revision: z.int(),
  /** Canonical JSON of the specification. */
  spec: z.string(),
  /** In the quarantine. */
  key: z.string(),
  /** Of the store. */
  multipartId: z.string(),
  partBytes: z.int(),
  createdAt: z.string(),
  updatedAt: z.string(),
  openUntil: z.string(),
  /** Checks begun so far. */
  checks: z.int(),
  leaseUntil: z.string().nullable(),
  refusal: z
    .object({ reason: z.enum(reasonWords), message: z.string() })
    .nullable() satisfies z.ZodType<Refusal | null>,
  /** Id of the Item, decided when the upload begins, so that checking twice registers once. */
  itemId: z.string(),
  /** Where the file is kept once it is checked. */
  keptKey: z.string(),
  /** Of the content, once checked. */
  sha256: z.string().nullable(),
  notes: z.array(z.string()),
  duePk: z.string().exactOptional(),
  dueAt: z.string().exactOptional(),
  expiresAt: z.number().exactOptional(),
});

export type UploadRow = Omit<z.output<typeof row>, 'spec'> & { readonly spec: z.output<typeof uploadSpec> };

export function parseUploadRow(found: Row): UploadRow {
  const parsed = row.safeParse(found);
  const spec = parsed.success ? uploadSpec.safeParse(JSON.parse(parsed.data.spec)) : undefined;
  if (parsed.success && spec?.success === true) return { ...parsed.data, spec: spec.data };
  throw new SwathError('Corrupt', `Row ${found.pk} ${found.sk} is no upload.`);
}

export const uploadsPk = (project: string): string => `UPL#${project}`;
export const uploadPrefix = 'U#';
export const uploadKey = (project: string, id: string): RowKey => ({
  pk: uploadsPk(project),
  sk: `${uploadPrefix}${id}`,
});

/** What a project has open, and in bytes altogether. */
export const totalsKey = (project: string): RowKey => ({ pk: uploadsPk(project), sk: 'TOTALS' });
export const totalsRow = z.looseObject({ open: z.int(), bytes: z.int() });

/** Partition of the due index: uploads that have to expire, and checks nobody has ended. */
export const dueUploads = 'Q#UPLOAD';

/** Ids are ours: nothing else reaches a key. */
export const isUploadId = (id: string): boolean => /^[0-9a-f-]{36}$/.test(id);

/** Of the project's own folder, and nobody reads it before it is checked. */
export const quarantineKey = (project: string, id: string): string =>
  `quarantine/${encodeURIComponent(project)}/${id}`;

/** Never overwritten: the id is new with every upload. Its path below the API is the same. */
export const keptPrefix = (id: string): string => `uploads/${id}/`;
