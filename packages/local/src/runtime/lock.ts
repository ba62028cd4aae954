import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { SwathError } from '@swath/core';

export interface FolderLock {
  release(): void;
}

/**
 * One runtime per data folder: two would start every job twice. The lock is an open exclusive SQLite transaction, which
 * the operating system ends with the process however it dies: no stale lock file, no pid that means another process.
 * @throws SwathError Conflict when another process holds the folder.
 */
export function lockFolder(folder: string): FolderLock {
  mkdirSync(folder, { recursive: true });
  const database = new DatabaseSync(join(folder, 'runtime.lock'));
  try {
    database.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    throw new SwathError('Conflict', `Another Swath is running on the folder ${folder}.`, {
      fix: 'Use that one, stop it, or choose another folder with --data.',
      cause: error,
    });
  }
  return { release: () => database.close() };
}
