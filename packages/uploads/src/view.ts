import type { UploadedPart } from '@swath/ports';
import { type RefusalReason, refusals } from './reasons.ts';
import type { UploadRow } from './rows.ts';

export const uploadStates = ['waiting', 'uploading', 'checking', 'registered', 'refused', 'expired'] as const;
export type UploadState = (typeof uploadStates)[number];

/** An upload as its project sees it. Times are RFC 3339 instants. */
export interface UploadView {
  readonly id: string;
  readonly state: UploadState;
  readonly fileName: string;
  readonly sizeBytes: number;
  /** As announced, or of the content once that is checked. */
  readonly sha256: string | null;
  readonly collection: string;
  readonly datetime: string;
  readonly title: string | null;
  /** Bytes of every part but the last. */
  readonly partSizeBytes: number;
  /** How many parts the file has. */
  readonly partCount: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Until then it has to be completed. */
  readonly openUntil: string;
  readonly refusal: { readonly reason: RefusalReason; readonly message: string; readonly fix: string } | null;
  /** Where the imagery is registered. */
  readonly item: { readonly collection: string; readonly id: string } | null;
  /** What is worth knowing about the file. */
  readonly notes: readonly string[];
}

/** A link to PUT one part to. */
export interface PartLinkView {
  readonly part: number;
  /** Bytes of the body, exactly. */
  readonly sizeBytes: number;
  readonly url: string;
}

export const partCountOf = ({ spec, partBytes }: UploadRow): number => Math.ceil(spec.sizeBytes / partBytes);

export const partSizeOf = ({ spec, partBytes }: UploadRow, part: number): number =>
  Math.min(partBytes, spec.sizeBytes - (part - 1) * partBytes);

/** @param arrived what is known of parts; undefined where nobody looked. */
export function toView(
  row: UploadRow,
  nowMs: number,
  arrived: readonly UploadedPart[] | undefined,
): UploadView {
  const { spec, refusal } = row;
  return {
    id: row.id,
    state: stateOf(row, nowMs, arrived),
    fileName: spec.fileName,
    sizeBytes: spec.sizeBytes,
    sha256: row.sha256 ?? spec.sha256 ?? null,
    collection: spec.collection,
    datetime: spec.datetime,
    title: spec.title ?? null,
    partSizeBytes: row.partBytes,
    partCount: partCountOf(row),
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    openUntil: row.openUntil,
    refusal: refusal === null ? null : { ...refusal, fix: refusals[refusal.reason] },
    item: row.state === 'registered' ? { collection: spec.collection, id: row.itemId } : null,
    notes: row.notes,
  };
}

/** The sweep writes that an upload has expired; it is told on time. */
function stateOf(row: UploadRow, nowMs: number, arrived: readonly UploadedPart[] = []): UploadState {
  const { state } = row;
  if (state === 'open') {
    if (Date.parse(row.openUntil) <= nowMs) return 'expired';
    return arrived.length === 0 ? 'waiting' : 'uploading';
  }
  return state === 'deleted' ? 'expired' : state;
}
