/**
 * Compressed sizes of the units of one image, in memory that its lanes share. Units lie in the file in their order, after
 * everything else: whoever knows the sizes of all units before one knows where that one starts. One eight-byte word, where
 * the first unit starts (-1 until it is known); then, of each unit, its size plus one (0 until it is known).
 */
export interface Ledger {
  /** Says where the first unit starts. */
  setFront(offset: number): void;
  setSize(unit: number, bytes: number): void;
  /** Where the unit starts in the file; null while something before it is not known. */
  startOf(unit: number): number | null;
}

const FRONT_BYTES = 8;

export function ledgerMemory(units: number): SharedArrayBuffer {
  const memory = new SharedArrayBuffer(FRONT_BYTES + 4 * units);
  Atomics.store(new BigInt64Array(memory, 0, 1), 0, -1n);
  return memory;
}

/** @param memory of {@link ledgerMemory}, of whichever thread. */
export function openLedger(memory: SharedArrayBuffer): Ledger {
  const front = new BigInt64Array(memory, 0, 1);
  const sizes = new Int32Array(memory, FRONT_BYTES);
  /** Bytes before each unit, as far as they were added up. */
  const before = new Float64Array(sizes.length);
  let known = 0;
  return {
    setFront(offset) {
      Atomics.store(front, 0, BigInt(offset));
    },
    setSize(unit, bytes) {
      Atomics.store(sizes, unit, bytes + 1);
    },
    startOf(unit) {
      for (; known < unit; known++) {
        const size = Atomics.load(sizes, known);
        if (size === 0) return null;
        before[known + 1] = before[known]! + size - 1;
      }
      const start = Number(Atomics.load(front, 0));
      return start < 0 ? null : start + before[unit]!;
    },
  };
}
