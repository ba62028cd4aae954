import * as z from 'zod';

/** Tables of the job journal. Their names start with `job`, so they can share a file with other adapters. */
export const jobTables = `
CREATE TABLE IF NOT EXISTS job (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  definition TEXT NOT NULL,
  size INTEGER NOT NULL,
  environment TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  timeout_s REAL NOT NULL,
  status TEXT NOT NULL,
  status_reason TEXT,
  exit_code INTEGER,
  cancel_reason TEXT,
  created_ms INTEGER NOT NULL,
  stopped_ms INTEGER
) STRICT;
CREATE TABLE IF NOT EXISTS job_dependency (
  job_id TEXT NOT NULL REFERENCES job(id),
  on_id TEXT NOT NULL REFERENCES job(id),
  PRIMARY KEY (job_id, on_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS job_dependency_on ON job_dependency(on_id);
CREATE TABLE IF NOT EXISTS job_child (
  job_id TEXT NOT NULL REFERENCES job(id),
  child INTEGER NOT NULL,
  status TEXT NOT NULL,
  status_reason TEXT,
  exit_code INTEGER,
  started INTEGER NOT NULL DEFAULT 0,
  spent INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (job_id, child)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS job_child_status ON job_child(status);
CREATE TABLE IF NOT EXISTS job_attempt (
  job_id TEXT NOT NULL,
  child INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  pid INTEGER,
  identity TEXT,
  started_ms INTEGER NOT NULL,
  ended_ms INTEGER,
  exit_code INTEGER,
  status_reason TEXT,
  PRIMARY KEY (job_id, child, attempt),
  FOREIGN KEY (job_id, child) REFERENCES job_child(job_id, child)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS job_attempt_open ON job_attempt(job_id) WHERE ended_ms IS NULL;
CREATE TABLE IF NOT EXISTS job_event (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  job_id TEXT NOT NULL,
  job_name TEXT NOT NULL,
  status TEXT NOT NULL,
  status_reason TEXT
) STRICT;
`;

const status = z.enum(['SUBMITTED', 'PENDING', 'RUNNABLE', 'STARTING', 'RUNNING', 'SUCCEEDED', 'FAILED']);
const text = z.string().nullable();
const int = z.int().nullable();

export const jobRow = z.object({
  id: z.string(),
  name: z.string(),
  definition: z.enum(['acquire', 'process', 'publish']),
  size: z.int(),
  environment: z.string(),
  attempts: z.int(),
  timeout_s: z.number(),
  status,
  status_reason: text,
  exit_code: int,
  cancel_reason: text,
  created_ms: z.int(),
  stopped_ms: int,
});
export type JobRow = z.output<typeof jobRow>;

export const childRow = z.object({
  job_id: z.string(),
  child: z.int(),
  status,
  status_reason: text,
  exit_code: int,
  /** Attempts begun: the next one is numbered one higher. */
  started: z.int(),
  /** Attempts that count against the job's limit: those that an orderly stop of the runtime ended do not. */
  spent: z.int(),
});
export type ChildRow = z.output<typeof childRow>;

export const attemptRow = z.object({
  job_id: z.string(),
  child: z.int(),
  attempt: z.int(),
  pid: int,
  identity: text,
});
export type AttemptRow = z.output<typeof attemptRow>;

export const eventRow = z.object({
  sequence: z.int(),
  job_id: z.string(),
  job_name: z.string(),
  status,
  status_reason: text,
});
export type EventRow = z.output<typeof eventRow>;

export const countRow = z.object({ status, children: z.int() });
export const environmentText = z.record(z.string(), z.string());
