import type { Grid } from '@swath/geo';
import { gridFootprintWgs84 } from '@swath/geo';

/** One asset of a bench Item. */
export interface BenchAsset {
  readonly href: string;
  readonly commonName?: string;
  readonly resolutionM: 10 | 20;
}

/** A STAC Item over files, as little as `swath run` needs: what Earth Search says of a Sentinel-2 scene, minus the rest. */
export function benchItem(input: {
  readonly id: string;
  /** YYYY-MM-DD */
  readonly date: string;
  readonly grid: Grid;
  readonly assets: Readonly<Record<string, BenchAsset>>;
}): object {
  const { geometry, bbox } = gridFootprintWgs84(input.grid);
  return {
    type: 'Feature',
    stac_version: '1.0.0',
    stac_extensions: [
      'https://stac-extensions.github.io/eo/v1.1.0/schema.json',
      'https://stac-extensions.github.io/raster/v1.1.0/schema.json',
    ],
    id: input.id,
    geometry,
    bbox,
    properties: {
      datetime: `${input.date}T10:26:31Z`,
      constellation: 'sentinel-2',
      instruments: ['msi'],
    },
    links: [],
    assets: Object.fromEntries(
      Object.entries(input.assets).map(([key, { href, commonName, resolutionM }]) => [
        key,
        {
          href,
          type: 'image/tiff; application=geotiff; profile=cloud-optimized',
          roles: ['data'],
          gsd: resolutionM,
          ...(commonName === undefined ? {} : { 'eo:bands': [{ name: key, common_name: commonName }] }),
        },
      ]),
    ),
  };
}
