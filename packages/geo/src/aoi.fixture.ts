import { isSwathError, type SwathError } from '@swath/core';
import { parseAoi } from './aoi.ts';
import type { LonLat } from './types.ts';

export const polygon = (...rings: unknown[]) => ({ type: 'Polygon', coordinates: rings });
export const multi = (...polygons: unknown[]) => ({ type: 'MultiPolygon', coordinates: polygons });

export function box(west: number, south: number, east: number, north: number): LonLat[] {
  return [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ];
}

export function refusal(input: unknown): SwathError {
  try {
    parseAoi(input);
  } catch (error) {
    if (isSwathError(error)) return error;
    throw error;
  }
  throw new Error(`accepted: ${JSON.stringify(input).slice(0, 200)}`);
}

/** A wiggly coast of n vertices that does not cross itself. */
export function coast(n: number): LonLat[] {
  const ring = Array.from({ length: n }, (_, i): LonLat => {
    const angle = (2 * Math.PI * i) / n;
    const radius = 1 + 0.1 * Math.sin(37 * angle) + 0.01 * Math.sin(997 * angle);
    return [10 + radius * Math.cos(angle), 45 + radius * Math.sin(angle)];
  });
  return [...ring, ring[0]!];
}
