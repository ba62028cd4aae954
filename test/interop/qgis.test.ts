import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/start.ts';
import { START_TIMEOUT_MS, sharedSystem } from '../support/system.ts';

/** Debian's Python, for which python3-qgis is made. */
const python = process.env['SWATH_QGIS_PYTHON'] ?? '/usr/bin/python3';
const providers = `
from qgis.core import QgsApplication, QgsProviderRegistry
app = QgsApplication([], False)
app.initQgis()
assert {'gdal', 'wms', 'OAPIF'} <= set(QgsProviderRegistry.instance().providerList())`;
const hasQgis = (() => {
  try {
    const env = { ...process.env, QT_QPA_PLATFORM: 'offscreen' };
    execFileSync(python, ['-c', providers], { stdio: 'pipe', env });
    return true;
  } catch {
    return false;
  }
})();
if (!hasQgis) {
  console.warn(
    'skipped: no QGIS (apt-get install python3-qgis qgis-providers), so layers in it are not drawn',
  );
}

const data = temporaryFolder('qgis-interop');
let url = '';

beforeAll(async () => {
  if (hasQgis) ({ url } = await sharedSystem());
}, START_TIMEOUT_MS);

afterAll(() => data.remove());

describe.skipIf(!hasQgis)('QGIS', () => {
  it('opens the COG, the XYZ tiles (by a link, too), the WMTS and the features of a result, and draws them', async () => {
    const day = '2024-07-22T00:00:00Z/2024-07-23T00:00:00Z';
    const answer = await fetch(`${url}/search?collections=results&datetime=${day}`);
    const { features } = (await answer.json()) as { features: readonly { readonly id: string }[] };
    const script = join(import.meta.dirname, 'with-qgis.py');
    const { stdout } = await promisify(execFile)(python, [script, url, data.path, features[0]?.id ?? ''], {
      env: { ...process.env, HOME: data.path, XDG_RUNTIME_DIR: data.path },
    });
    const found = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Record<
      'cog' | 'xyz' | 'linked' | 'wmts' | 'features' | 'map',
      { readonly drawn: number; readonly colours: number; readonly errors: readonly string[] }
    >;
    expect(found).toMatchObject({
      cog: { valid: true, crs: 'EPSG:32632', size: [912, 956], nodata: true },
      xyz: { valid: true },
      linked: { valid: true },
      wmts: { valid: true },
      features: { valid: true, crs: 'EPSG:4326', count: 9, areas: true },
    });
    const { cog, xyz, linked, wmts, map } = found;
    expect(linked).toEqual(xyz);
    for (const layer of [cog, xyz, wmts, map]) {
      expect(layer.errors).toEqual([]);
      expect(layer.colours).toBeGreaterThan(50);
    }
    // The same ground has pixels, whichever way they came.
    expect(Math.abs(xyz.drawn - cog.drawn)).toBeLessThan(0.02);
    expect(Math.abs(wmts.drawn - cog.drawn)).toBeLessThan(0.02);
    const { width, height } = await sharp(join(data.path, 'map.png')).metadata();
    expect([width, height]).toEqual([640, 480]);
  }, 60_000);
});
