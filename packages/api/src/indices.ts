import { indices as all } from '@swath/graph/indices/catalogue';
import { sensorsWith } from '@swath/graph/indices/sensors';
import type { spectralIndex } from './schemas/catalogue.ts';
import type { Sent } from './schemas/common.ts';

export type SpectralIndexView = Sent<typeof spectralIndex>;

/** The indices of packages/graph, with the sensors that have their bands. */
export function indices(): readonly SpectralIndexView[] {
  return all().map((index) => ({ ...index, sensors: sensorsWith(index.bands) }));
}

/**
 * Indices for a word: the one so named (in any case, aliases too), else those whose name, title or domain contains it.
 * All without a word.
 */
export function findIndices(word: string | undefined): readonly SpectralIndexView[] {
  const every = indices();
  if (word === undefined) return every;
  const wanted = word.trim().toLowerCase();
  const named = every.filter((i) => [i.name, ...i.aliases].some((name) => name.toLowerCase() === wanted));
  if (named.length > 0) return named;
  return every.filter((i) => [i.name, i.title, i.domain].some((text) => text.toLowerCase().includes(wanted)));
}
