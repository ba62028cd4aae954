import { type Cost, estimateCost, NANO, type Rates, type RequestRecord, usedOf } from '@swath/requests';
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
export function usageRows(record: RequestRecord, rates: Rates): readonly TableRow[] {
  const { request, attempts } = record;
  const published = request.reused || request.results.length === 0 ? null : request.results;
  const labels = Object.entries(request.labels).map(([name, value]) => `${labelName(name)}=${value}`);
  return attempts.map((one) => {
    const tasks = Object.values(one.tasks);
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
      cpu_seconds: one.cpuSeconds,
      task_seconds: tasks.reduce((sum, { seconds }) => sum + seconds, 0),
      planned_input_bytes: one.plannedInputBytes,
      read_bytes: one.readBytes,
      output_bytes: own?.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) ?? null,
      output_pixels: own?.reduce((sum, { counts }) => sum + counts.total, 0) ?? null,
      budget_units: one.budgetUnits,
      label_list: labels,
      ...priceCells(estimateCost(usedOf(record, one), rates)),
    };
  });
}

/** Without "=": what is behind the first one is the value. */
const labelName = (name: string): string => name.replaceAll('%', '%25').replaceAll('=', '%3D');

/** The parts are rounded, the sum is theirs. */
function priceCells({ nanoUsd, kinds, lines, version }: Cost): TableRow {
  const shown = Object.entries(lines)
    .filter(([, line]) => line.nanoUsd !== 0)
    .map(([name, line]) => [name, { ...line.amounts, usd: line.nanoUsd / NANO }] as const);
  return {
    price_usd: nanoUsd / NANO,
    price_compute_usd: kinds.compute / NANO,
    price_storage_usd: kinds.storage / NANO,
    price_calls_usd: kinds.calls / NANO,
    price_transfer_usd: kinds.transfer / NANO,
    price_version: version,
    price_lines: JSON.stringify(Object.fromEntries(shown)),
  };
}
