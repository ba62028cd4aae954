import { SwathError } from '@swath/core';
import { burnIndices } from './burn.ts';
import { nearestNames } from './nearest-names.ts';
import { snowIndices } from './snow.ts';
import { soilIndices } from './soil.ts';
import type { SpectralIndex } from './spectral-index.ts';
import { urbanIndices } from './urban.ts';
import { vegetationIndices } from './vegetation.ts';
import { waterIndices } from './water.ts';

/** All indices, by domain. Names and aliases are unique in any case. */
export const indices: readonly SpectralIndex[] = [
  ...vegetationIndices,
  ...waterIndices,
  ...burnIndices,
  ...snowIndices,
  ...soilIndices,
  ...urbanIndices,
];

const byName: ReadonlyMap<string, SpectralIndex> = new Map(
  indices.flatMap((index) =>
    [index.name, ...(index.aliases ?? [])].map((name) => [name.toLowerCase(), index] as const),
  ),
);

/**
 * An index by name or alias, in any case.
 * @throws SwathError InvalidInput with the nearest names.
 */
export function findIndex(name: string, pointer = '/pipeline/index'): SpectralIndex {
  const found = byName.get(name.trim().toLowerCase());
  if (found !== undefined) return found;
  const near = nearestNames(
    name,
    indices.map((index) => index.name),
  );
  const guess = near.length === 0 ? '' : `Did you mean ${near.join(' or ')}? `;
  throw new SwathError('InvalidInput', `There is no index "${name.slice(0, 64)}".`, {
    pointer,
    fix: `${guess}"swath indices" and GET /indices list all ${indices.length}; any other formula goes into {"expression": "..."}.`,
  });
}
