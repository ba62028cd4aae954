/** Bytes that change their place before a file is complete. */
export interface Move {
  readonly from: number;
  readonly to: number;
  readonly length: number;
}

/** Where the tiles of full resolution lie in the end. */
export interface Places {
  /** Start of each tile, in the order of `lengths`. */
  readonly starts: Float64Array;
  readonly move: Move | null;
  /** Bytes [from, to) that belong to nothing, fewer than the longest tile. */
  readonly gap: { readonly from: number; readonly to: number };
  /** Size of the file. */
  readonly end: number;
}

/**
 * The tiles were written one after the other from `reserved` on, before the size of what goes before them was known:
 * `front` bytes. When that is more, the first tiles make room for it and move to the end; when it is less, the last tiles
 * move into the room that is left.
 * @param lengths of the tiles in the order of the file
 */
export function settlePlaces(lengths: Float64Array, reserved: number, front: number): Places {
  const starts = new Float64Array(lengths.length);
  let written = reserved;
  for (const [tile, length] of lengths.entries()) {
    starts[tile] = written;
    written += length;
  }
  const shift = (first: number, last: number, by: number): void => {
    for (let tile = first; tile < last; tile++) starts[tile]! += by;
  };
  if (front > reserved) {
    let kept = 0;
    while (kept < lengths.length && starts[kept]! < front) kept++;
    const from = reserved;
    const length = (starts[kept] ?? written) - from;
    const to = Math.max(written, front);
    shift(0, kept, to - from);
    return {
      starts,
      move: { from, to, length },
      gap: { from: front, to: Math.max(front, Math.min(from + length, to)) },
      end: to + length,
    };
  }
  let moved = lengths.length;
  while (moved > 0 && written - starts[moved - 1]! <= reserved - front) moved--;
  const from = starts[moved] ?? written;
  const length = written - from;
  if (length === 0) return { starts, move: null, gap: { from: front, to: reserved }, end: written };
  shift(moved, lengths.length, front - from);
  const isAll = moved === 0;
  const end = isAll ? front + length : from;
  return {
    starts,
    move: { from, to: front, length },
    gap: { from: front + length, to: isAll ? end : reserved },
    end,
  };
}
