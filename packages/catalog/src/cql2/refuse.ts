import { SwathError } from '@swath/core';

/** Where expressions of a text stand in it, so that later checks can say so. */
export type Positions = WeakMap<object, number>;

const FIX = 'See docs/stac.md for what a filter may say, or OGC 21-065r2.';

/** A filter that is wrong at a place of its JSON. */
export function refuseAt(pointer: string, message: string, fix = FIX): SwathError {
  return new SwathError('InvalidInput', message, { pointer, fix });
}

/** A filter that is wrong at a character of its text (0-based; people count from 1). */
export function refuseText(offset: number, message: string, fix = FIX): SwathError {
  return new SwathError('InvalidInput', `${message} (character ${offset + 1} of the filter)`, {
    pointer: '/filter',
    fix,
  });
}
