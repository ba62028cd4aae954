import { SwathError } from '@swath/core';
import { parseInstant } from '@swath/stac';
import * as z from 'zod';
import { MAX_BANDS, MAX_FILE_BYTES } from './limits.ts';

/** Ids of collections of uploads: safe in addresses, and none that a provider's marks its collections by. */
const collectionId = /^[a-z0-9][a-z0-9_-]{0,62}$/;

const band = z.strictObject({
  /** As expressions call it. */
  name: z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, 'a letter, then letters, digits or _'),
  description: z.string().min(1).max(200).optional(),
  unit: z.string().min(1).max(40).optional(),
});

/** What is said of a file before it comes. Documented in docs/uploads.md. */
export const uploadSpec = z.strictObject({
  /** For people: the name of the file at home. Never a path here. */
  fileName: z.string().min(1).max(255),
  sizeBytes: z.int().min(1).max(MAX_FILE_BYTES),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, '64 lower-case hexadecimal digits')
    .optional(),
  collection: z
    .string()
    .regex(collectionId, '1 to 63 of a to z, 0 to 9, - and _')
    .refine((id) => id !== 'results', 'not "results", which holds what requests made'),
  /** RFC 3339 instant, or a date, which is its midnight UTC. */
  datetime: z.string().min(1).max(64),
  bands: z.array(band).min(1).max(MAX_BANDS).optional(),
  nodata: z.union([z.number(), z.literal('nan')]).optional(),
  /** value = DN * scale + offset. By default those of the file, else 1 and 0. */
  scale: z
    .number()
    .refine((scale) => scale !== 0, 'not 0')
    .optional(),
  offset: z.number().optional(),
  title: z.string().min(1).max(200).optional(),
});
export type UploadSpec = z.output<typeof uploadSpec>;

/** @throws SwathError InvalidInput with a pointer and what to do. */
export function parseUploadSpec(body: unknown): UploadSpec {
  const parsed = uploadSpec.safeParse(body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue?.path.join('.') ?? '';
    const what = issue?.message ?? 'not an upload';
    throw new SwathError('InvalidInput', `${where === '' ? '' : `${where}: `}${what}.`, {
      pointer: issue?.path.map((part) => `/${String(part)}`).join('') ?? '',
      fix: 'Send fileName, sizeBytes, collection, datetime, and what docs/uploads.md lists besides.',
    });
  }
  const spec = parsed.data;
  const names = (spec.bands ?? []).map(({ name }) => name.toLowerCase());
  const twice = names.findIndex((name, at) => names.indexOf(name) !== at);
  if (twice >= 0) {
    throw new SwathError('InvalidInput', `Two bands are called "${spec.bands?.[twice]?.name}".`, {
      pointer: `/bands/${twice}/name`,
      fix: 'Give each band a name of its own; upper and lower case are the same.',
    });
  }
  return { ...spec, datetime: instantOf(spec.datetime) };
}

function instantOf(text: string): string {
  const instant = parseInstant(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text);
  if (instant !== undefined) return instant;
  throw new SwathError('InvalidInput', `"${text}" is not a date or an RFC 3339 date and time.`, {
    pointer: '/datetime',
    fix: 'Write it as 2024-06-01 or 2024-06-01T10:30:00Z.',
  });
}

/** The name of the file as it may stand in keys and ids: never a path, never empty, always `.tif`-less. */
export function stemOf(fileName: string): string {
  const last = fileName.split(/[/\\]/).at(-1) ?? '';
  const stem = last
    .replace(/\.(tiff?|gtiff|cog)$/i, '')
    .normalize('NFKD')
    .replaceAll(/[^A-Za-z0-9_.-]+/g, '-')
    .replaceAll(/\.{2,}/g, '.')
    .replaceAll(/^[-.]+|[-.]+$/g, '')
    .slice(0, 80);
  return stem === '' ? 'image' : stem;
}
