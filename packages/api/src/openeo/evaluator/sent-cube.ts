import { SwathError } from '@swath/core';
import { type Cube, type Dimension, makeCube } from '@swath/graph';

/** A cube as it travels between threads: symbols do not, so that it is made anew. */
export interface SentCube {
  /** Id of the node that it stands for. */
  readonly id: string;
  readonly dimensions: readonly Dimension[];
  readonly values: Float64Array<ArrayBuffer>;
  readonly missing: Uint8Array<ArrayBuffer>;
}

export function sentCube(id: string, { dimensions, cells }: Cube): SentCube {
  if (cells.kind !== 'number') throw new SwathError('Bug', 'imagery that is not made of numbers');
  return { id, dimensions, values: new Float64Array(cells.values), missing: new Uint8Array(cells.missing) };
}

export const receivedCube = ({ dimensions, values, missing }: SentCube): Cube =>
  makeCube(dimensions, { kind: 'number', values, missing });
