import { indices as all } from '@swath/graph';
import { bandsOf, parseExpression } from '@swath/raster/expression/parse';
import type { spectralIndex } from './schemas/catalogue.ts';
import type { Sent } from './schemas/common.ts';

export type SpectralIndexView = Sent<typeof spectralIndex>;

/** The indices of packages/graph with the bands each formula names. */
export const indices: readonly SpectralIndexView[] = all.map((index) => ({
  ...index,
  aliases: index.aliases ?? [],
  bands: bandsOf(parseExpression(index.formula)),
}));

/**
 * Indices for a word: the one so named (in any case, aliases too), else those whose name, title or domain contains it.
 * All without a word.
 */
export function findIndices(word: string | undefined): readonly SpectralIndexView[] {
  if (word === undefined) return indices;
  const wanted = word.trim().toLowerCase();
  const named = indices.filter((i) => [i.name, ...i.aliases].some((name) => name.toLowerCase() === wanted));
  if (named.length > 0) return named;
  return indices.filter((i) =>
    [i.name, i.title, i.domain].some((text) => text.toLowerCase().includes(wanted)),
  );
}
