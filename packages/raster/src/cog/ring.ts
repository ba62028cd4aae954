import { settleAll } from '../settle.ts';
import { COPY_BUFFER_BYTES, COPY_BUFFERS } from './limits.ts';

/** Writes a stream of bytes through a few buffers, so that the next is filled while those before are on their way. */
export interface Ring {
  /**
   * Appends so many bytes, which `fill` puts into parts of a buffer, at once or until its promise resolves: `from` is how
   * many of them came before.
   */
  append(length: number, fill: (into: Uint8Array, from: number) => Promise<void> | void): Promise<void>;
  /** Resolves when all that was appended is written. @throws what a write threw. */
  drain(): Promise<void>;
  /** Resolves when nothing is being written any more, however it ended. */
  settle(): Promise<void>;
}

/** @param write takes the bytes in order; `at` is where in the stream they begin. It may keep them until it resolves. */
export function createRing(write: (bytes: Uint8Array, at: number) => Promise<void>): Ring {
  // Shared memory: V8 counts any other, and would mark its heap for it.
  const buffers = Array.from(
    { length: COPY_BUFFERS },
    () => new Uint8Array(new SharedArrayBuffer(COPY_BUFFER_BYTES)),
  );
  const writing: Promise<void>[] = buffers.map(() => Promise.resolve());
  let slot = 0;
  let used = 0;
  let written = 0;
  /** Parts of the buffer that are on their way. */
  let filling: Promise<void>[] = [];
  /** Resolves when the buffers before are full: they are written in order. */
  let full: Promise<void> = Promise.resolve();

  /** Sends the buffer off and waits for the next one. */
  async function turn(): Promise<void> {
    const bytes = buffers[slot]!.subarray(0, used);
    const at = written;
    full = settleAll([full, ...filling]).then(() => {});
    filling = [];
    writing[slot] = full.then(() => write(bytes, at));
    // Failures are met where the buffer is needed again, and by drain.
    writing[slot]!.catch(() => {});
    written += used;
    used = 0;
    slot = (slot + 1) % buffers.length;
    await writing[slot];
  }

  return {
    async append(length, fill) {
      for (let done = 0; done < length; ) {
        const part = Math.min(length - done, COPY_BUFFER_BYTES - used);
        const filled = fill(buffers[slot]!.subarray(used, used + part), done);
        if (filled !== undefined) {
          filled.catch(() => {}); // Met by turn.
          filling.push(filled);
        }
        done += part;
        used += part;
        if (used === COPY_BUFFER_BYTES) await turn();
      }
    },
    async drain() {
      if (used > 0) await turn();
      await Promise.all(writing);
    },
    async settle() {
      await Promise.allSettled([...writing, ...filling]);
    },
  };
}
