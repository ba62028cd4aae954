import { execFile } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import { hasGdal } from '../support/gdal.ts';
import { type Excuse, excuseOf } from './excuses.ts';

/** A file that GDAL and we both read, with different pixels. */
export interface Difference {
  readonly file: string;
  readonly what: string;
}

const resultSchema = z.object({
  file: z.string(),
  verdict: z.enum(['refused', 'equal', 'different']),
  what: z.string(),
});

/** Reads every N.tif beside an N.json in a folder; one JSON line each. Errors of GDAL are verdicts. */
const SCRIPT = `
import sys, json, os, hashlib, resource
resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
from osgeo import gdal
gdal.UseExceptions()
gdal.PushErrorHandler('CPLQuietErrorHandler')
gdal.SetConfigOption('GDAL_DISABLE_READDIR_ON_OPEN', 'EMPTY_DIR')
gdal.SetConfigOption('GDAL_PAM_ENABLED', 'NO')
gdal.SetCacheMax(64 << 20)
folder = sys.argv[1]
def verdict(name):
    want = json.load(open(os.path.join(folder, name + '.json')))
    try:
        ds = gdal.OpenEx(os.path.join(folder, name + '.tif'), gdal.OF_RASTER, allowed_drivers=['GTiff', 'JP2OpenJPEG'])
        kind = gdal.GetDataTypeName(ds.GetRasterBand(1).DataType)
        size = [ds.RasterXSize, ds.RasterYSize, ds.RasterCount]
    except Exception as error:
        return 'refused', 'opening: ' + str(error)
    if size != [want['width'], want['height'], want['bands']] or kind != want['type']:
        return 'different', 'GDAL %s %s, ours %s %s' % (size, kind, [want['width'], want['height'], want['bands']], want['type'])
    read = 0
    for window in want['windows']:
        try:
            data = ds.GetRasterBand(window['band']).ReadRaster(0, 0, window['width'], window['height'])
        except Exception as error:
            continue
        if data is None: continue
        read += 1
        if hashlib.sha256(bytes(data)).hexdigest() != window['sha256']:
            return 'different', 'pixels of band %d: GDAL has %s' % (window['band'], bytes(data[:24]).hex())
    return ('equal', '') if read else ('refused', 'reading')
for name in sys.argv[2].split(','):
    print(json.dumps({'file': name, 'what': '', 'verdict': 'refused'}), end='', flush=True)
    word, what = verdict(name)
    print('\\r' + json.dumps({'file': name, 'verdict': word, 'what': what[:300]}), flush=True)
`;

export type Excused = Readonly<Partial<Record<Excuse, number>>>;

export interface Comparison {
  readonly compared: number;
  readonly differences: readonly Difference[];
  /** Files with other pixels where neither reader is wrong, by the reason. */
  readonly excused: Excused;
}

/** Compares in one process; where GDAL itself dies at a file, that file is passed over and the rest goes on. */
export async function compareWithGdal(folder: string, keepIn: string): Promise<Comparison> {
  let names = readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -5))
    .sort((a, b) => Number(a) - Number(b));
  if (!hasGdal) return { compared: 0, differences: [], excused: {} };
  let compared = 0;
  const excused: Partial<Record<Excuse, number>> = {};
  const differences: Difference[] = [];
  while (names.length > 0) {
    const lines = await runPython(folder, names);
    for (const line of lines) {
      const { file, verdict, what } = resultSchema.parse(JSON.parse(line));
      if (verdict !== 'refused') compared++;
      if (verdict !== 'different') continue;
      const excuse = await excuseOf(readFileSync(join(folder, `${file}.tif`)));
      if (excuse !== undefined) {
        excused[excuse] = (excused[excuse] ?? 0) + 1;
        continue;
      }
      const kept = join(keepIn, `difference-${file}.tif`);
      copyFileSync(join(folder, `${file}.tif`), kept);
      differences.push({ file: kept, what });
    }
    names = names.slice(Math.max(1, lines.length));
  }
  return { compared, differences, excused };
}

async function runPython(folder: string, names: readonly string[]): Promise<string[]> {
  const args = ['-c', SCRIPT, folder, names.join(',')];
  const options = { maxBuffer: 2 ** 28, timeout: 300_000 };
  const text = await promisify(execFile)('/usr/bin/python3', args, options).then(
    ({ stdout }) => stdout,
    (error: unknown) => {
      // A crash of GDAL: what it said until then counts.
      if (error instanceof Error && 'stdout' in error && String(error.stdout) !== '')
        return String(error.stdout);
      throw error;
    },
  );
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\r').at(-1) ?? line);
}
