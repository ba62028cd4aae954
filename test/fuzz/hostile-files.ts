import { hostileContainers } from './hostile-containers.ts';
import { hostileStreams } from './hostile-streams.ts';
import { hostileStructures } from './hostile-structures.ts';
import { hostileText } from './hostile-text.ts';

/** A file made to hurt, and how reading it must end. */
export interface HostileFile {
  /** Begins with the id of the fault in the list of faults, such as `G06`. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /**
   * A code: opening, or every window, must end in this SwathError. `pixels`: it must read, with these first samples of
   * band 1 where given. `any`: a typed error or pixels, within the limits.
   */
  readonly ends: 'Corrupt' | 'Unsupported' | 'LimitExceeded' | 'pixels' | 'any';
  readonly samples?: readonly number[];
}

/** Every generated hostile file. Made in memory; the same on every machine but for what zlib packs. */
export function hostileFiles(): HostileFile[] {
  return [...hostileStructures(), ...hostileStreams(), ...hostileText(), ...hostileContainers()];
}
