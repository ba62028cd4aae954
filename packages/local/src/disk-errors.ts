import { SwathError } from '@swath/core';

/**
 * Runs file operations; their errors come out tagged. Disk full, I/O error, not allowed, folder gone: none is the
 * caller's fault and each may pass. Streams of the caller are not read inside.
 */
export async function onDisk<T>(operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (error instanceof Error && error.name === 'AbortError') {
      throw new SwathError('Cancelled', 'The operation was cancelled.', { cause: error });
    }
    if (typeof code === 'string' && /^E[A-Z0-9]+$/.test(code)) {
      throw new SwathError('Unavailable', `The data folder cannot be read or written (${code}).`, {
        fix: 'Look at its free space and permissions.',
        cause: error,
      });
    }
    throw error;
  }
}
