import { execFile, execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gdalOrWarn, gdalPython } from '../support/gdal.ts';
import { temporaryFolder } from '../support/start.ts';
import { type OwnSystem, START_TIMEOUT_MS, startSystem } from '../support/system.ts';

/** What is used of js-client, which is CommonJS without types that hold. */
interface Job {
  readonly id: string;
  startJob(): Promise<Job>;
  downloadResults(folder: string): Promise<readonly string[]>;
  monitorJob(callback: (job: { readonly status: string }) => void, intervalS: number): () => void;
}
interface Connection {
  listAuthProviders(): Promise<readonly { login(name: string, password: string): Promise<void> }[]>;
  validateProcess(process: object): Promise<readonly { readonly code: string }[]>;
  computeResult(process: object): Promise<{ readonly data: AsyncIterable<Uint8Array> }>;
  createJob(process: object, title?: string): Promise<Job>;
}
const { OpenEO } = createRequire(import.meta.url)('@openeo/js-client') as {
  readonly OpenEO: { connect(url: string): Promise<Connection> };
};

/** Waited for beside this thread: one that stands still misses that the server has closed a connection it kept. */
const runFile = promisify(execFile);

const python = process.env['SWATH_PYTHON'] ?? 'python3';
const hasPython = ((): boolean => {
  try {
    execFileSync(python, ['-c', 'import openeo, pandas'], { stdio: 'pipe' });
    return true;
  } catch {
    console.warn(
      `skipped: ${python} has no openeo, so the Python client reads no table (SWATH_PYTHON names one)`,
    );
    return false;
  }
})();
const hasGdal = gdalOrWarn('that statistics by geometry are those of its pixels');

const folder = temporaryFolder('openeo-tables');
let system: OwnSystem;
let connection: Connection;

beforeAll(async () => {
  system = await startSystem('tables');
  connection = await OpenEO.connect(system.url);
  const [basic] = await connection.listAuthProviders();
  await basic?.login('me', 'anything');
}, START_TIMEOUT_MS);

afterAll(async () => {
  await system?.stop();
  folder.remove();
});

/** The second leans over, so that its edges cross pixels anyhow. */
const rings = [
  [
    [10.402, 48.792],
    [10.405, 48.792],
    [10.405, 48.798],
    [10.402, 48.798],
    [10.402, 48.792],
  ],
  [
    [10.4061, 48.7923],
    [10.4084, 48.7931],
    [10.4077, 48.7983],
    [10.4052, 48.7966],
    [10.4061, 48.7923],
  ],
];
const fields = {
  type: 'FeatureCollection',
  features: rings.map((ring) => ({
    type: 'Feature',
    properties: {},
    geometry: { type: 'Polygon', coordinates: [ring] },
  })),
};
const node = (from_node: string) => ({ from_node });
const reducer = (process_id: string) => ({
  process_graph: { r: { process_id, arguments: { data: { from_parameter: 'data' } }, result: true } },
});
const table = (statistic: string, format: string) => ({
  process_graph: {
    load: {
      process_id: 'load_collection',
      arguments: {
        id: 'sample-s2-l2a',
        spatial_extent: null,
        temporal_extent: ['2024-07-01', '2024-09-01'],
        bands: ['red', 'nir'],
      },
    },
    ndvi: { process_id: 'ndvi', arguments: { data: node('load') } },
    fields: {
      process_id: 'aggregate_spatial',
      arguments: { data: node('ndvi'), geometries: fields, reducer: reducer(statistic) },
    },
    save: { process_id: 'save_result', arguments: { data: node('fields'), format }, result: true },
  },
});

async function bytesOf(process: object): Promise<Buffer> {
  const { data: stream } = await connection.computeResult(process);
  const pieces: Uint8Array[] = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces);
}

const json = async (path: string, init: RequestInit = {}): Promise<unknown> =>
  (await fetch(`${system.url}${path}`, { ...init, headers: { 'Content-Type': 'application/json' } })).json();

/** A job to its end: its file, and the request it became. */
async function finished(process: object): Promise<{ readonly file: Buffer; readonly request: string }> {
  const job = await connection.createJob(process);
  await job.startJob();
  await new Promise<void>((resolve, reject) => {
    const stop = job.monitorJob(({ status }) => {
      if (status === 'finished') resolve();
      if (status === 'error') reject(new Error('the job failed'));
      if (status === 'finished' || status === 'error') stop();
    }, 1);
  });
  const [path = '', ...others] = await job.downloadResults(folder.path);
  expect(others).toEqual([]);
  const { 'swath:request': request } = (await json(`/jobs/${job.id}`)) as { 'swath:request': string };
  return { file: readFileSync(path), request };
}

interface Request {
  readonly id: string;
  readonly state: string;
  readonly contentKey: string | null;
  readonly reused: boolean;
}

const statistics = ['mean', 'median', 'sd', 'count'] as const;
type Statistic = (typeof statistics)[number];
type Series = Readonly<Record<string, readonly (readonly (number | null)[])[]>>;
const seriesOf = (bytes: Buffer) => JSON.parse(bytes.toString()) as Series;

/** numpy over the pixels of the published file whose centres lie inside, in longitude and latitude. */
const oracle = `
data = gdal.Open(sys.argv[1])
rings = json.loads(sys.argv[2])
a, b, c, d, e, f = data.GetGeoTransform()
values = data.GetRasterBand(1).ReadAsArray().astype('float64')
to = osr.SpatialReference(); to.ImportFromEPSG(4326); to.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
own = data.GetSpatialRef(); own.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
rows, columns = np.indices(values.shape)
centres = np.column_stack([(a + (columns + .5) * b).ravel(), (d + (rows + .5) * f).ravel()])
lon, lat = np.array(osr.CoordinateTransformation(own, to).TransformPoints(centres.tolist()))[:, :2].T
found = []
for ring in rings:
    inside = np.zeros(lon.shape, bool)
    for (x0, y0), (x1, y1) in zip(ring, ring[1:]):
        crosses = (y0 > lat) != (y1 > lat)
        inside ^= crosses & (lon < (x1 - x0) * (lat - y0) / ((y1 - y0) or 1) + x0)
    valid = values.ravel()[inside]
    valid = valid[~np.isnan(valid)]
    found.append({'mean': valid.mean(), 'median': np.median(valid), 'sd': valid.std(ddof=1), 'count': len(valid)})
print(json.dumps(found))
`;

describe('aggregate_spatial as a batch job', () => {
  it('is the request that REST makes, and gives the numbers of the answer at once and of the pixels', async () => {
    expect([...(await connection.validateProcess(table('mean', 'JSON')))]).toEqual([]);
    const first = await finished(table('mean', 'JSON'));
    const request = (await json(`/requests/${first.request}`)) as Request;
    const named = { ...fields, features: fields.features.map((one, i) => ({ ...one, id: String(i) })) };
    const body = {
      collections: ['sample-s2-l2a'],
      datetime: '2024-07-01/2024-08-31',
      pipeline: { index: 'NDVI' },
      mask: 'none',
      zones: named,
    };
    let rest = (await json('/requests', { method: 'POST', body: JSON.stringify(body) })) as Request;
    while (!['succeeded', 'failed'].includes(rest.state)) {
      await new Promise((go) => setTimeout(go, 200));
      rest = (await json(`/requests/${rest.id}`)) as Request;
    }
    expect(rest).toMatchObject({ state: 'succeeded', reused: true, contentKey: request.contentKey });

    const { products } = (await json(`/requests/${first.request}/results`)) as {
      products: { start: string; assets: { cog: { href: string } } }[];
    };
    const series = new Map<Statistic, Series>([['mean', seriesOf(first.file)]]);
    for (const statistic of statistics) {
      if (statistic !== 'mean') {
        const again = await finished(table(statistic, 'JSON'));
        expect(await json(`/requests/${again.request}`)).toMatchObject({
          reused: true,
          contentKey: request.contentKey,
        });
        series.set(statistic, seriesOf(again.file));
      }
      const batch = series.get(statistic)!;
      expect(Object.keys(batch)).toEqual(products.map(({ start }) => start));
      const once = seriesOf(await bytesOf(table(statistic, 'JSON')));
      expect(Object.keys(once)).toEqual(Object.keys(batch));
      for (const [date, values] of Object.entries(batch))
        for (const [i, [value = null]] of values.entries())
          expect(once[date]?.[i]?.[0]).toBeCloseTo(value ?? Number.NaN, 9);
    }
    if (!hasGdal) return;
    const files = await Promise.all(
      products.map(async ({ start, assets }, i) => {
        const path = join(folder.path, `ndvi-${i}.tif`);
        writeFileSync(path, Buffer.from(await (await fetch(assets.cog.href)).arrayBuffer()));
        return { start, path };
      }),
    );
    for (const { start, path } of files) {
      const expected = gdalPython(oracle, path, JSON.stringify(rings)) as Record<Statistic, number>[];
      for (const [i, of] of expected.entries())
        for (const statistic of statistics)
          expect(series.get(statistic)?.[start]?.[i]?.[0]).toBeCloseTo(of[statistic], 6);
    }
  }, 240_000);

  it('downloads as a table', async () => {
    const { file } = await finished(table('mean', 'CSV'));
    expect(file.toString()).toBe((await bytesOf(table('mean', 'CSV'))).toString());
    expect(file.toString()).toMatch(/^date,feature_index,value\r\n2024-07-\d\dT[\d:.]+Z,0,0\.\d+\r\n/);
  }, 120_000);
});

const script = `
import json, os, sys
import openeo, pandas
from openeo.rest.conversions import timeseries_json_to_pandas
root, folder, fields = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
c = openeo.connect(root)
c.authenticate_basic('me', 'whatever')
s2 = c.load_collection('sample-s2-l2a', temporal_extent=['2024-07-01', '2024-09-01'], bands=['red', 'nir', 'scl'])
scl = s2.band('scl')
clear = s2.mask((scl == 3) | (scl == 8) | (scl == 9) | (scl == 10))
quiet = {'print': lambda text: None, 'max_poll_interval': 1}
cube = clear.ndvi().aggregate_spatial(geometries=fields, reducer='mean')
ts, csv = os.path.join(folder, 'ts.json'), os.path.join(folder, 'ts.csv')
job = cube.execute_batch(ts, title='Fields', **quiet)
frame = timeseries_json_to_pandas(ts)
once = timeseries_json_to_pandas(cube.execute())
cube.execute_batch(csv, **quiet)
rows = pandas.read_csv(csv, parse_dates=['date'])
bands = clear.filter_bands(['red', 'nir']).aggregate_spatial(geometries=fields, reducer=lambda data: data.quantiles(probabilities=[0.25, 0.75]).array_element(1))
bands.execute_batch(ts, out_format='JSON', **quiet)
both = timeseries_json_to_pandas(ts)
parquet = os.path.join(folder, 'ts.parquet')
bands.execute_batch(parquet, **quiet)
try:
    s2.ndvi().aggregate_spatial(geometries={'type': 'Point', 'coordinates': [10.403, 48.793]}, reducer='mean').create_job(out_format='CSV')
    refused = None
except openeo.rest.OpenEoApiError as error:
    refused = [error.code, 'Point' in str(error)]
print(json.dumps({'assets': [asset.key for asset in job.get_results().get_assets()], 'status': job.status(),
    'frame': frame.values.tolist(), 'polygons': [str(name) for name in frame.columns], 'same': bool((frame - once).abs().max().max() < 1e-9),
    'rows': rows['value'].tolist(), 'indexes': rows['feature_index'].tolist(), 'columns': list(rows.columns),
    'types': [str(kind) for kind in rows.dtypes], 'both': list(both.shape), 'levels': list(both.columns.names),
    'parquet': open(parquet, 'rb').read(4).decode(), 'refused': refused}))
`;

describe.skipIf(!hasPython)('the openEO Python client', () => {
  it('aggregates over fields in batch, and reads the tables into pandas', async () => {
    const args = ['-c', script, system.url, folder.path, JSON.stringify(fields)];
    const { stdout: text } = await runFile(python, args);
    const found = JSON.parse(text.trim().split('\n').at(-1) ?? '') as {
      readonly frame: readonly (readonly number[])[];
      readonly rows: readonly number[];
    };
    expect(found).toMatchObject({
      status: 'finished',
      assets: ['timeseries.json'],
      polygons: ['0', '1'],
      same: true,
      columns: ['date', 'feature_index', 'value'],
      both: [found.frame.length, 4],
      levels: ['polygon', 'band'],
      parquet: 'PAR1',
      refused: ['ProcessUnsupported', true],
    });
    expect(found.rows).toEqual(found.frame.flat());
    for (const mean of found.rows) expect(mean).toBeGreaterThan(0);
  }, 180_000);
});
