import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gridFootprintWgs84 } from '@swath/geo';
import { tinyGrid, writeTinyScene } from './tiny-scene.ts';

export const tinyCollection = 'tiny';

/** Scenes of {@link writeTinyScene} with a STAC Item beside each, laid out as Sentinel-2 L2A. */
export async function writeTinyCatalogue(folder: string, dates: readonly string[]): Promise<void> {
  const { geometry, bbox } = gridFootprintWgs84(tinyGrid);
  for (const date of dates) {
    const { id, assets, platform, constellation } = await writeTinyScene(folder, `tiny-${date}`, date);
    const item = {
      type: 'Feature',
      stac_version: '1.0.0',
      stac_extensions: [],
      id,
      collection: tinyCollection,
      geometry,
      bbox,
      properties: {
        datetime: `${date}T10:00:00Z`,
        updated: `${date}T12:00:00Z`,
        platform,
        constellation,
        'proj:epsg': 32631,
      },
      links: [],
      assets: Object.fromEntries(
        assets.map(({ key, href, scale }) => [
          key,
          {
            href: `./${basename(href)}`,
            type: 'image/tiff; application=geotiff; profile=cloud-optimized',
            roles: ['data'],
            ...(scale === undefined ? {} : { 'eo:bands': [{ name: key, common_name: key }] }),
            'raster:bands': [{ nodata: 0, ...(scale === undefined ? {} : { scale, offset: 0 }) }],
          },
        ]),
      ),
    };
    writeFileSync(join(folder, `${id}.json`), JSON.stringify(item));
  }
}
