import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { SwathError } from '@swath/core';
import { isFinalJobStatus, isRetried, type JobInfo, type JobStatus, type SubmitJob } from '@swath/ports';
import {
  type AttemptRow,
  attemptRow,
  type ChildRow,
  childRow,
  countRow,
  type EventRow,
  eventRow,
  type JobRow,
  jobRow,
  jobTables,
} from './schema.ts';
import { ARRAY_FAILED, DEPENDENCY_FAILED, INTERRUPTED } from './status-reasons.ts';

/** How an attempt ended, as seen from outside the process. */
export interface AttemptEnd {
  /** `exited`: by itself or by a stranger's signal. The others say who ended it. */
  readonly cause: 'exited' | 'timed-out' | 'cancelled' | 'stopped' | 'interrupted';
  readonly exitCode: number;
  readonly statusReason: string;
}

/** A child that has been given an attempt number and may now be started. */
export interface Claim {
  readonly job: JobRow;
  readonly child: number;
  /** From 1. */
  readonly attempt: number;
}

/**
 * The record of all jobs: rows of node:sqlite. Every function is one transaction, and every change of a parent's
 * status writes its event in the same one, so that nothing is told that did not happen, and nothing happens untold.
 */
export function openJournal(database: DatabaseSync) {
  database.exec(jobTables);
  const sql = statements(database);

  const atomically = <T>(action: () => T): T => {
    database.exec('BEGIN IMMEDIATE');
    try {
      const value = action();
      database.exec('COMMIT');
      return value;
    } catch (error) {
      database.exec('ROLLBACK');
      throw error;
    }
  };

  const job = (id: string): JobRow => {
    const row = sql.jobById.get(id);
    if (row === undefined) throw new SwathError('Bug', `there is no job ${id}`);
    return jobRow.parse(row);
  };
  const exists = (id: string): boolean => sql.jobById.get(id) !== undefined;
  const children = (id: string): ChildRow[] => sql.children.all(id).map((row) => childRow.parse(row));

  /** Status of a parent with its event. Batch tells nothing of the first SUBMITTED, so neither do we. */
  const setJob = (
    row: JobRow,
    status: JobStatus,
    reason: string | null,
    exitCode: number | null,
    now: number,
  ) => {
    if (row.status === status) return;
    sql.setJob.run(status, reason, exitCode, isFinalJobStatus(status) ? now : null, row.id);
    sql.addEvent.run(row.id, row.name, status, reason);
  };

  /** A plain job shows its only child's status; an array shows PENDING until the last child is done. */
  const settle = (id: string, now: number, arrayReason = ARRAY_FAILED): void => {
    const row = job(id);
    if (isFinalJobStatus(row.status)) return;
    if (row.size === 1) {
      const only = children(id)[0];
      if (only === undefined) throw new SwathError('Bug', `job ${id} has no child row`);
      setJob(row, only.status, only.status_reason, only.exit_code, now);
      if (!isFinalJobStatus(only.status)) return;
    } else {
      const counts = sql.counts.all(id).map((found) => countRow.parse(found));
      if (counts.some((count) => !isFinalJobStatus(count.status))) {
        setJob(row, 'PENDING', null, null, now);
        return;
      }
      const failed = counts.some((count) => count.status === 'FAILED');
      const reason = failed ? (row.cancel_reason ?? arrayReason) : null;
      setJob(row, failed ? 'FAILED' : 'SUCCEEDED', reason, null, now);
    }
    for (const dependent of sql.dependents.all(id)) release(String(dependent['job_id']), now);
  };

  /** Starts, or fails, a job whose dependencies have all ended. */
  const release = (id: string, now: number): void => {
    const row = job(id);
    if (isFinalJobStatus(row.status)) return;
    const needed = sql.dependencies.all(id).map((found) => jobRow.parse(found));
    if (needed.some((dependency) => dependency.status === 'FAILED')) {
      sql.setWaitingChildren.run('FAILED', DEPENDENCY_FAILED, id);
      settle(id, now, DEPENDENCY_FAILED);
      return;
    }
    const ready = needed.every((dependency) => dependency.status === 'SUCCEEDED');
    if (ready) sql.setWaitingChildren.run('RUNNABLE', null, id);
    settle(id, now);
  };

  const finishAttempt = (key: Claimed, end: AttemptEnd, now: number): void => {
    const row = job(key.job_id);
    const found = childRow.parse(sql.child.get(key.job_id, key.child));
    const counted = sql.endAttempt.run(
      now,
      end.exitCode,
      end.statusReason,
      key.job_id,
      key.child,
      key.attempt,
    ).changes;
    if (Number(counted) === 0 || isFinalJobStatus(found.status)) return;
    const spent = found.spent + (end.cause === 'stopped' ? 0 : 1);
    const [status, reason] = nextStatus(row, spent, end);
    sql.setChild.run(status, reason, end.exitCode, spent, key.job_id, key.child);
    settle(key.job_id, now);
  };

  return {
    children,

    /** @returns the job's id: a new one, or that of the first job with this name. */
    submit: (spec: SubmitJob, now: number): string =>
      atomically(() => {
        const known = sql.jobByName.get(spec.name);
        if (known !== undefined) return jobRow.parse(known).id;
        for (const on of spec.dependsOn ?? []) {
          if (exists(on)) continue;
          throw new SwathError('InvalidInput', `There is no job ${on} to depend on.`, {
            pointer: '/dependsOn',
          });
        }
        const id = randomUUID();
        sql.addJob.run(
          id,
          spec.name,
          spec.definition,
          spec.size,
          JSON.stringify(spec.environment),
          spec.attempts,
          spec.timeoutS,
          now,
        );
        for (const on of new Set(spec.dependsOn ?? [])) sql.addDependency.run(id, on);
        for (let child = 0; child < spec.size; child++) sql.addChild.run(id, child);
        release(id, now);
        return id;
      }),

    find: (name: string): JobRow | undefined => {
      const row = sql.jobByName.get(name);
      return row === undefined ? undefined : jobRow.parse(row);
    },

    info: (id: string): JobInfo | undefined => {
      const row = sql.jobById.get(id);
      if (row === undefined) return undefined;
      const parent = jobRow.parse(row);
      const counts = sql.counts.all(id).map((found) => countRow.parse(found));
      return jobInfo(parent, parent.size === 1 ? undefined : counts);
    },

    /** The oldest runnable child of the oldest job, marked STARTING, with its attempt row written. */
    claim: (now: number): Claim | undefined =>
      atomically(() => {
        const found = sql.nextChild.get();
        if (found === undefined) return undefined;
        const next = childRow.parse(found);
        const attempt = next.started + 1;
        sql.startChild.run(attempt, next.job_id, next.child);
        sql.addAttempt.run(next.job_id, next.child, attempt, now);
        settle(next.job_id, now);
        return { job: job(next.job_id), child: next.child, attempt };
      }),

    /** The process exists: enough to find it again after a crash of this one. */
    running: (key: Claimed, pid: number, identity: string | null, now: number): void =>
      atomically(() => {
        sql.setProcess.run(pid, identity, key.job_id, key.child, key.attempt);
        const found = childRow.parse(sql.child.get(key.job_id, key.child));
        if (found.status !== 'STARTING') return;
        sql.setChild.run('RUNNING', null, null, found.spent, key.job_id, key.child);
        settle(key.job_id, now);
      }),

    finish: (key: Claimed, end: AttemptEnd, now: number): void =>
      atomically(() => finishAttempt(key, end, now)),

    /** Attempts that were begun and not ended: after a crash, those to look for. */
    openAttempts: (): AttemptRow[] => sql.openAttempts.all().map((row) => attemptRow.parse(row)),

    /** Children that wait will never start; those that run are the caller's to end. */
    cancel: (id: string, reason: string, now: number): void =>
      atomically(() => {
        if (!exists(id)) return;
        const row = job(id);
        if (isFinalJobStatus(row.status) || row.cancel_reason !== null) return;
        sql.setCancel.run(reason, id);
        sql.setWaitingChildren.run('FAILED', reason, id);
        settle(id, now);
      }),

    /** Events nobody has taken yet, oldest first, from `after` on. */
    events: (after: number, limit: number): EventRow[] =>
      sql.events.all(after, limit).map((row) => eventRow.parse(row)),
    delivered: (sequence: number): void => {
      sql.deleteEvent.run(sequence);
    },
  };
}

export type Journal = ReturnType<typeof openJournal>;

/** Key of an attempt. */
export type Claimed = Pick<AttemptRow, 'job_id' | 'child' | 'attempt'>;

/** What becomes of a child after an attempt. */
function nextStatus(job: JobRow, spent: number, end: AttemptEnd): [JobStatus, string | null] {
  if ((end.cause === 'exited' || end.cause === 'stopped') && end.exitCode === 0) return ['SUCCEEDED', null];
  if (job.cancel_reason !== null) return ['FAILED', job.cancel_reason];
  if (end.cause === 'stopped') return ['RUNNABLE', INTERRUPTED];
  const again = end.cause !== 'timed-out' && isRetried(end) && spent < job.attempts;
  return [again ? 'RUNNABLE' : 'FAILED', end.statusReason];
}

function jobInfo(
  row: JobRow,
  counts: readonly { status: JobStatus; children: number }[] | undefined,
): JobInfo {
  return {
    id: row.id,
    name: row.name,
    status: row.status,
    size: row.size,
    createdAt: new Date(row.created_ms).toISOString(),
    ...(row.status_reason === null ? {} : { statusReason: row.status_reason }),
    ...(row.exit_code === null ? {} : { exitCode: row.exit_code }),
    ...(row.stopped_ms === null ? {} : { stoppedAt: new Date(row.stopped_ms).toISOString() }),
    ...(counts === undefined
      ? {}
      : { children: Object.fromEntries(counts.map((count) => [count.status, count.children])) }),
  };
}

function statements(database: DatabaseSync) {
  const key = 'job_id = ? AND child = ? AND attempt = ?';
  return {
    jobById: database.prepare('SELECT * FROM job WHERE id = ?'),
    jobByName: database.prepare('SELECT * FROM job WHERE name = ?'),
    addJob: database.prepare(
      `INSERT INTO job (id, name, definition, size, environment, attempts, timeout_s, status, created_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, 'SUBMITTED', ?)`,
    ),
    setJob: database.prepare(
      'UPDATE job SET status = ?, status_reason = ?, exit_code = ?, stopped_ms = ? WHERE id = ?',
    ),
    setCancel: database.prepare('UPDATE job SET cancel_reason = ? WHERE id = ?'),
    addDependency: database.prepare('INSERT INTO job_dependency (job_id, on_id) VALUES (?, ?)'),
    dependencies: database.prepare(
      'SELECT job.* FROM job_dependency JOIN job ON job.id = on_id WHERE job_id = ?',
    ),
    dependents: database.prepare('SELECT job_id FROM job_dependency WHERE on_id = ?'),
    addChild: database.prepare("INSERT INTO job_child (job_id, child, status) VALUES (?, ?, 'PENDING')"),
    child: database.prepare('SELECT * FROM job_child WHERE job_id = ? AND child = ?'),
    children: database.prepare('SELECT * FROM job_child WHERE job_id = ? ORDER BY child'),
    counts: database.prepare(
      'SELECT status, count(*) AS children FROM job_child WHERE job_id = ? GROUP BY status',
    ),
    setWaitingChildren: database.prepare(
      "UPDATE job_child SET status = ?, status_reason = ? WHERE job_id = ? AND status IN ('PENDING', 'RUNNABLE')",
    ),
    nextChild: database.prepare(
      `SELECT job_child.* FROM job_child JOIN job ON job.id = job_id WHERE job_child.status = 'RUNNABLE'
       ORDER BY job.created_ms, job.rowid, child LIMIT 1`,
    ),
    startChild: database.prepare(
      "UPDATE job_child SET status = 'STARTING', status_reason = NULL, started = ? WHERE job_id = ? AND child = ?",
    ),
    setChild: database.prepare(
      'UPDATE job_child SET status = ?, status_reason = ?, exit_code = ?, spent = ? WHERE job_id = ? AND child = ?',
    ),
    addAttempt: database.prepare(
      'INSERT INTO job_attempt (job_id, child, attempt, started_ms) VALUES (?, ?, ?, ?)',
    ),
    setProcess: database.prepare(`UPDATE job_attempt SET pid = ?, identity = ? WHERE ${key}`),
    endAttempt: database.prepare(
      `UPDATE job_attempt SET ended_ms = ?, exit_code = ?, status_reason = ? WHERE ${key} AND ended_ms IS NULL`,
    ),
    openAttempts: database.prepare('SELECT * FROM job_attempt WHERE ended_ms IS NULL'),
    addEvent: database.prepare(
      'INSERT INTO job_event (job_id, job_name, status, status_reason) VALUES (?, ?, ?, ?)',
    ),
    events: database.prepare('SELECT * FROM job_event WHERE sequence > ? ORDER BY sequence LIMIT ?'),
    deleteEvent: database.prepare('DELETE FROM job_event WHERE sequence = ?'),
  };
}
