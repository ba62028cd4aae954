import type { Logger } from '@swath/core';
import type { JobEvent } from '@swath/ports';
import type { Journal } from './journal.ts';
import { EVENT_RETRY_FIRST_MS, EVENT_RETRY_MAX_MS, EVENTS_IN_FLIGHT } from './limits.ts';
import type { EventRow } from './schema.ts';

/**
 * Hands journalled events to `onEvent` until it resolves: at least once, in order while nothing fails. An event that
 * fails backs off alone; those behind it go on.
 */
export function eventDelivery(journal: Journal, onEvent: (event: JobEvent) => Promise<void>, log: Logger) {
  const inFlight = new Map<number, Promise<void>>();
  const waiting = new Map<number, NodeJS.Timeout>();
  const failures = new Map<number, number>();
  let open = false;
  /** Sequence up to which every row has been handed out at least once in this life. */
  let seen = 0;
  let tail: Promise<void> = Promise.resolve();

  const deliver = async (row: EventRow): Promise<void> => {
    try {
      await onEvent(jobEvent(row));
      journal.delivered(row.sequence);
      failures.delete(row.sequence);
    } catch (error) {
      const failed = (failures.get(row.sequence) ?? 0) + 1;
      failures.set(row.sequence, failed);
      const delayMs = Math.min(EVENT_RETRY_MAX_MS, EVENT_RETRY_FIRST_MS * 2 ** (failed - 1));
      log.warn('Job:Event:Failed', {
        jobId: row.job_id,
        status: row.status,
        failed,
        delayMs,
        error: String(error),
      });
      if (open)
        waiting.set(
          row.sequence,
          setTimeout(() => retry(row), delayMs),
        );
    } finally {
      inFlight.delete(row.sequence);
      pump();
    }
  };
  const retry = (row: EventRow): void => {
    waiting.delete(row.sequence);
    if (open) inFlight.set(row.sequence, deliver(row));
  };

  /** First deliveries go one after the other: listeners see the order of things unless something fails. */
  const pump = (): void => {
    if (!open || inFlight.size >= EVENTS_IN_FLIGHT) return;
    for (const row of journal.events(seen, EVENTS_IN_FLIGHT - inFlight.size)) {
      seen = row.sequence;
      const after = tail;
      const turn = after.then(() => deliver(row));
      tail = turn;
      inFlight.set(row.sequence, turn);
    }
  };

  return {
    pump,
    start: (): void => {
      open = true;
      seen = 0;
      pump();
    },
    /** Waits for the deliveries under way; the others stay in the journal. */
    stop: async (): Promise<void> => {
      open = false;
      for (const timer of waiting.values()) clearTimeout(timer);
      waiting.clear();
      await Promise.all(inFlight.values());
    },
  };
}

function jobEvent(row: EventRow): JobEvent {
  return {
    jobId: row.job_id,
    jobName: row.job_name,
    status: row.status,
    ...(row.status_reason === null ? {} : { statusReason: row.status_reason }),
  };
}
