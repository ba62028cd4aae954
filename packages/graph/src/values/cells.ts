import type { Scalar } from './value.ts';

/** Numbers with a byte each that is 1 where there is no data. */
export interface NumberCells {
  readonly kind: 'number';
  readonly values: Float64Array;
  readonly missing: Uint8Array;
}

/** Anything else, such as the booleans of a comparison. */
export interface MixedCells {
  readonly kind: 'mixed';
  readonly values: readonly Scalar[];
}

export type Cells = NumberCells | MixedCells;

export const cellCount = (cells: Cells): number => cells.values.length;

export function cellAt(cells: Cells, index: number): Scalar {
  if (cells.kind === 'mixed') return cells.values[index] ?? null;
  return cells.missing[index] === 0 ? cells.values[index]! : null;
}

/** Cells that `at` gives, one call each in order; they are numbers as long as nothing else comes. */
export function makeCells(length: number, at: (index: number) => Scalar): Cells {
  const values = new Float64Array(length);
  const missing = new Uint8Array(length);
  for (let i = 0; i < length; i++) {
    const value = at(i);
    if (typeof value === 'number') values[i] = value;
    else if (value === null) missing[i] = 1;
    else return mixedFrom({ kind: 'number', values, missing }, i, value, at);
  }
  return { kind: 'number', values, missing };
}

function mixedFrom(
  done: NumberCells,
  from: number,
  first: Scalar,
  at: (index: number) => Scalar,
): MixedCells {
  const values = new Array<Scalar>(done.values.length);
  for (let i = 0; i < from; i++) values[i] = cellAt(done, i);
  values[from] = first;
  for (let i = from + 1; i < values.length; i++) values[i] = at(i);
  return { kind: 'mixed', values };
}

/** The cells at these places, in this order; -1 gives no data. */
export function gatherCells(cells: Cells, places: ArrayLike<number>): Cells {
  return makeCells(places.length, (i) => {
    const place = places[i]!;
    return place < 0 ? null : cellAt(cells, place);
  });
}

export function emptyCells(length: number): NumberCells {
  return { kind: 'number', values: new Float64Array(length), missing: new Uint8Array(length).fill(1) };
}
