import { closeSync, openSync, writeSync } from 'node:fs';
import { SwathError } from '@swath/core';
import { openLedger } from './ledger.ts';

/**
 * Puts compressed tiles of units where they stay in the file: at once when all units before are known, else as soon as
 * they are. Written synchronously: a worker thread has nothing else to do meanwhile, and the bytes go from kernel memory to
 * the file without a copy.
 */
export interface PlacedTiles {
  /** Starts a unit. */
  begin(unit: number): void;
  /** Appends to the unit; the bytes may change afterwards. */
  put(bytes: Uint8Array): void;
  end(): void;
  /** Writes what waits. @throws SwathError Bug when some unit before is not known. */
  finish(): void;
  close(): void;
}

/** A unit whose place is not known, in a buffer that may be longer. */
interface WaitingUnit {
  readonly unit: number;
  readonly bytes: Uint8Array;
  readonly length: number;
}

/**
 * @param path of a file that exists
 * @param unitBytes about the most bytes of a unit
 */
export function placedTiles(path: string, ledgerMemory: SharedArrayBuffer, unitBytes: number): PlacedTiles {
  const ledger = openLedger(ledgerMemory);
  let fd: number | null = openSync(path, 'r+');
  let waiting: readonly WaitingUnit[] = [];
  /**
   * Buffers of units that wait no more: fresh memory costs more than writing to it. Shared memory, because V8 does not count
   * it, and so does not mark its heap over and over.
   */
  const spares: Uint8Array[] = [];
  let current = -1;
  let start: number | null = null;
  let buffer: Uint8Array = new Uint8Array(0);
  let used = 0;

  function write(bytes: Uint8Array, at: number): void {
    if (fd === null) throw new SwathError('Bug', 'tiles were placed after the end');
    for (let done = 0; done < bytes.length; ) {
      done += writeSync(fd, bytes, done, bytes.length - done, at + done);
    }
  }

  /** Writes the units whose places are known by now. */
  function writeWaiting(): void {
    waiting = waiting.filter(({ unit, bytes, length }) => {
      const at = ledger.startOf(unit);
      if (at === null) return true;
      write(bytes.subarray(0, length), at);
      spares.push(bytes);
      return false;
    });
  }

  /** Appends to the buffer of the current unit. */
  function hold(bytes: Uint8Array): void {
    if (used + bytes.length > buffer.length) {
      const larger = new Uint8Array(2 * (used + bytes.length));
      larger.set(buffer.subarray(0, used));
      buffer = larger;
    }
    buffer.set(bytes, used);
  }

  return {
    begin(unit) {
      writeWaiting();
      start = ledger.startOf(unit);
      if (start === null) buffer = spares.pop() ?? new Uint8Array(new SharedArrayBuffer(unitBytes));
      used = 0;
      current = unit;
    },
    put(bytes) {
      if (start === null) hold(bytes);
      else write(bytes, start + used);
      used += bytes.length;
    },
    end() {
      ledger.setSize(current, used);
      if (start === null) waiting = [...waiting, { unit: current, bytes: buffer, length: used }];
    },
    finish() {
      writeWaiting();
      if (waiting.length > 0)
        throw new SwathError('Bug', `the place of unit ${waiting[0]!.unit} is not known`);
    },
    close() {
      if (fd !== null) closeSync(fd);
      fd = null;
    },
  };
}
