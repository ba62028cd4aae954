import { SwathError } from '@swath/core';
import { bandsOf, parseExpression } from '@swath/raster/expression/parse';
import { burnIndices } from './burn.ts';
import { cloudsIndices } from './clouds.ts';
import { indexConstants } from './constants.ts';
import { kernelIndices } from './kernel.ts';
import { nearestNames } from './nearest-names.ts';
import { radarIndices } from './radar.ts';
import { snowIndices } from './snow.ts';
import { soilIndices } from './soil.ts';
import type { IndexDomain, IndexRow, RampId, SpectralIndex } from './spectral-index.ts';
import { urbanIndices } from './urban.ts';
import { vegetationIndices } from './vegetation.ts';
import { waterIndices } from './water.ts';

const domains: Readonly<Record<IndexDomain, { readonly rows: readonly IndexRow[]; readonly ramp: RampId }>> =
  {
    vegetation: { rows: vegetationIndices, ramp: 'ndvi' },
    kernel: { rows: kernelIndices, ramp: 'ndvi' },
    water: { rows: waterIndices, ramp: 'water' },
    burn: { rows: burnIndices, ramp: 'viridis' },
    snow: { rows: snowIndices, ramp: 'water' },
    soil: { rows: soilIndices, ramp: 'viridis' },
    urban: { rows: urbanIndices, ramp: 'viridis' },
    clouds: { rows: cloudsIndices, ramp: 'viridis' },
    radar: { rows: radarIndices, ramp: 'viridis' },
  };

function spectralIndex(
  domain: IndexDomain,
  [name, title, formula, reference, look = {}]: IndexRow,
): SpectralIndex {
  const names = bandsOf(parseExpression(formula));
  const constants = names.filter((each) => Object.hasOwn(indexConstants, each));
  return {
    name,
    aliases: look.aliases ?? [],
    title,
    formula,
    bands: names.filter((each) => !constants.includes(each)),
    constants: Object.fromEntries(constants.map((each) => [each, indexConstants[each]?.value ?? null])),
    range: look.range ?? null,
    ramp: look.ramp ?? domains[domain].ramp,
    domain,
    reference,
  };
}

const rows = Object.entries(domains).flatMap(([domain, table]) =>
  table.rows.map((row) => ({ domain: domain as IndexDomain, row })),
);

/** Made once, when asked for: parsing 280 formulas is not for every start. */
let all: readonly SpectralIndex[] | undefined;

/** The 280 Awesome Spectral Indices, by domain. */
export function indices(): readonly SpectralIndex[] {
  all ??= rows.map(({ domain, row }) => spectralIndex(domain, row));
  return all;
}

/** Names and aliases in lower case. `BAI` and `BaI` are two indices: such a pair is told apart by its capitals alone. */
const byName = new Map<string, (typeof rows)[number][]>();
for (const entry of rows) {
  const [name, , , , look] = entry.row;
  for (const key of [name, ...(look?.aliases ?? [])].map((each) => each.toLowerCase())) {
    byName.set(key, [...(byName.get(key) ?? []), entry]);
  }
}

/**
 * An index by name or alias, in any case unless the case decides.
 * @throws SwathError InvalidInput with the nearest names.
 */
export function findIndex(name: string, pointer = '/pipeline/index'): SpectralIndex {
  const wanted = name.trim();
  const found = byName.get(wanted.toLowerCase()) ?? [];
  const exact = found.find(({ row }) => row[0] === wanted) ?? (found.length === 1 ? found[0] : undefined);
  if (exact !== undefined) return spectralIndex(exact.domain, exact.row);
  if (found.length > 1) {
    const names = found.map(({ row }) => row[0]);
    throw new SwathError('InvalidInput', `${names.join(' and ')} are different indices.`, {
      pointer,
      fix: `Write the name as it is: ${names.join(' or ')}.`,
    });
  }
  const near = nearestNames(
    name,
    rows.map(({ row }) => row[0]),
  );
  const guess = near.length === 0 ? '' : `Did you mean ${near.join(' or ')}? `;
  throw new SwathError('InvalidInput', `There is no index "${name.slice(0, 64)}".`, {
    pointer,
    fix: `${guess}"swath indices" and GET /indices list all ${rows.length}; any other formula goes into {"expression": "..."}.`,
  });
}
