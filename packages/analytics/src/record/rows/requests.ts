import type { RequestRecord } from '@swath/requests';
import type { TableRow } from '../../parquet/schema.ts';
import { aoiOf, instant, outputType, ownerCells } from './owner.ts';

export function requestRow(record: RequestRecord): TableRow {
  const { request } = record;
  const { spec, progress, failure } = request;
  const createdMs = Date.parse(request.createdAt);
  const endedMs = Date.parse(request.updatedAt);
  return {
    ...ownerCells(record),
    aoi: aoiOf(spec, null),
    requested_by: record.requestedBy,
    state: request.state,
    attempt: request.attempt,
    created_at: new Date(createdMs),
    ended_at: new Date(endedMs),
    duration_s: (endedMs - createdMs) / 1000,
    output_type: outputType(spec),
    composite: spec.composite,
    scenes: progress.scenes,
    products: progress.products,
    chunks_done: progress.chunksDone,
    chunks_total: progress.chunksTotal,
    reused: request.reused,
    content_key: request.contentKey,
    failure_reason: failure?.reason ?? null,
    failure_fault: failure?.fault ?? null,
    failure_retryable: failure?.retryable ?? null,
    failure_message: failure?.message ?? null,
    warnings: request.warnings,
    retention_days: record.retentionDays,
    spec: JSON.stringify(spec),
  };
}

export function eventRows(record: RequestRecord): readonly TableRow[] {
  return record.events.map((event) => ({
    ...ownerCells(record),
    sequence: event.sequence,
    time: new Date(event.time),
    attempt: event.attempt,
    kind: event.kind,
    from_state: event.from,
    to_state: event.to,
    message: event.message,
  }));
}

/** What was published counts for the attempt that published it, and only if it was not there before. */
export function usageRows(record: RequestRecord): readonly TableRow[] {
  const { request, attempts } = record;
  const published = request.reused || request.results.length === 0 ? null : request.results;
  return attempts.map((one) => {
    const own = one.attempt === request.attempt ? published : null;
    return {
      ...ownerCells(record),
      requested_by: record.requestedBy,
      attempt: one.attempt,
      outcome: one.outcome,
      started_at: new Date(one.startedAt),
      ended_at: instant(one.endedAt),
      reused: one.attempt === request.attempt && request.reused,
      chunks_processed: one.chunksProcessed,
      compute_seconds: one.computeSeconds,
      planned_input_bytes: one.plannedInputBytes,
      output_bytes: own?.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) ?? null,
      output_pixels: own?.reduce((sum, { counts }) => sum + counts.total, 0) ?? null,
      budget_units: one.budgetUnits,
    };
  });
}
