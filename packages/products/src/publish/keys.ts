import { contentHash } from '@swath/core';
import type { ProductPlan } from '@swath/requests';

/** Names of one product's files, relative to each other. */
export interface ProductKeys {
  readonly cog: string;
  readonly thumbnail: string;
  readonly statistics: string;
  readonly item: string;
  /** Statistics by zone; only where the request has zones. */
  readonly zones?: string;
  readonly zonesCsv?: string;
}

/**
 * Keys of a product below `prefix`. Complete products of equal content have equal keys; one with missing chunks lies
 * beside them under the name of what is missing, so that the retry that completes it finds its place free.
 */
export function productKeys(
  prefix: string,
  product: ProductPlan,
  failedChunks: readonly number[],
  { hasZones = false }: { readonly hasZones?: boolean } = {},
): ProductKeys {
  const partial = failedChunks.length === 0 ? '' : `/partial-${contentHash(failedChunks).slice(0, 12)}`;
  const folder = `${prefix}${product.label}${partial}/`;
  return {
    cog: `${folder}${cogName(product)}.tif`,
    thumbnail: `${folder}thumbnail.png`,
    statistics: `${folder}statistics.json`,
    item: `${folder}item.json`,
    ...(hasZones ? { zones: `${folder}zones.json`, zonesCsv: `${folder}zones.csv` } : {}),
  };
}

/** The band's name where there is one band. Output names are letters, digits and _ by the request's schema. */
function cogName(product: ProductPlan): string {
  const { outputs } = product.work;
  const name = outputs.length === 1 ? (outputs[0]?.name ?? '') : 'bands';
  return name.replace(/[^A-Za-z0-9_-]/g, '_') || 'band';
}
