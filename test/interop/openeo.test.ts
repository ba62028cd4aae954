import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { processDefinitions } from '@swath/graph';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gdalOrWarn, gdalTool } from '../support/gdal.ts';
import { temporaryFolder } from '../support/start.ts';
import { type OwnSystem, START_TIMEOUT_MS, startSystem } from '../support/system.ts';

// js-client is CommonJS with types of its own making: what is used of it is said here.
interface Job {
  readonly id: string;
  readonly status: string;
  startJob(): Promise<Job>;
  stopJob(): Promise<Job>;
  describeJob(): Promise<Job>;
  estimateJob(): Promise<{ readonly size: number }>;
  debugJob(): { nextLogs(): Promise<readonly { readonly id: string; readonly level: string }[]> };
  updateJob(changes: object): Promise<Job>;
  deleteJob(): Promise<void>;
  getResultsAsStac(): Promise<Stac>;
  downloadResults(folder: string): Promise<readonly string[]>;
  monitorJob(callback: (job: Job) => void, intervalS: number): () => void;
}
interface Stac {
  readonly type: string;
  readonly assets: Readonly<Record<string, { readonly href: string; readonly type: string }>>;
}
interface UserProcess {
  readonly id: string;
  describeUserProcess(): Promise<{ readonly processGraph: object }>;
  deleteUserProcess(): Promise<void>;
}
interface Connection {
  capabilities(): { hasFeature(name: string): boolean; apiVersion(): string };
  listAuthProviders(): Promise<
    readonly { getType(): string; login(name: string, password: string): Promise<void> }[]
  >;
  listCollections(): Promise<{ readonly collections: readonly { readonly id: string }[] }>;
  describeCollection(id: string): Promise<Readonly<Record<string, unknown>>>;
  paginateProcesses(): { hasNextPage(): boolean; nextPage(): Promise<readonly unknown[]> };
  listFileTypes(): Promise<{ getOutputTypes(): Readonly<Record<string, unknown>> }>;
  describeAccount(): Promise<{ readonly user_id: string }>;
  validateProcess(process: object): Promise<readonly { readonly code: string }[]>;
  computeResult(
    process: object,
  ): Promise<{ readonly data: AsyncIterable<Uint8Array>; readonly type?: string }>;
  createJob(process: object, title?: string): Promise<Job>;
  listJobs(): Promise<readonly Job[]>;
  setUserProcess(id: string, process: object): Promise<UserProcess>;
  listUserProcesses(): Promise<readonly UserProcess[]>;
}
const { OpenEO } = createRequire(import.meta.url)('@openeo/js-client') as {
  readonly OpenEO: { connect(url: string): Promise<Connection> };
};

/** The Python client is 360 MB with what it needs: name a Python that has it. */
const python = process.env['SWATH_PYTHON'] ?? 'python3';
const hasPython = ((): boolean => {
  try {
    execFileSync(python, ['-c', 'import openeo, pystac'], { stdio: 'pipe' });
    return true;
  } catch {
    console.warn(
      `skipped: ${python} has no openeo, so the Python client is not tried (SWATH_PYTHON names one)`,
    );
    return false;
  }
})();

const hasGdal = gdalOrWarn('that GDAL opens what openEO answers');
const data = temporaryFolder('openeo-interop');
let system: OwnSystem;
let url = '';
let connection: Connection;

beforeAll(async () => {
  system = await startSystem('openeo');
  url = system.url;
  connection = await OpenEO.connect(url);
}, START_TIMEOUT_MS);

afterAll(async () => {
  await system?.stop();
  data.remove();
});

const call = (process_id: string, args: object, more: object = {}) => ({
  process_id,
  arguments: args,
  ...more,
});
const node = (from_node: string) => ({ from_node });
const done = { result: true };
const area = { west: 10.4, south: 48.79, east: 10.41, north: 48.8 };
const load = (temporal_extent: readonly string[], bands: readonly string[]) =>
  call('load_collection', { id: 'sample-s2-l2a', spatial_extent: area, temporal_extent, bands });
const over = (id: string) => ({
  process_graph: { r: call(id, { data: { from_parameter: 'data' } }, done) },
});
const oneDay = ['2024-07-22', '2024-07-23'];
const summer = ['2024-06-01', '2024-09-01'];
const composite = (format = 'GTiff') => ({
  process_graph: {
    l: load(summer, ['red', 'nir']),
    n: call('ndvi', { data: node('l') }),
    m: call('reduce_dimension', { data: node('n'), dimension: 't', reducer: over('median') }),
    s: call('save_result', { data: node('m'), format }, done),
  },
});

async function bytesOf(process: object): Promise<Buffer> {
  const { data: stream } = await connection.computeResult(process);
  const pieces: Uint8Array[] = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces);
}

describe('@openeo/js-client', () => {
  it('connects, signs in, and reads what there is', async () => {
    expect(connection.capabilities().apiVersion()).toBe('1.2.0');
    for (const feature of [
      'createJob',
      'computeResult',
      'validateProcess',
      'setUserProcess',
      'authenticateBasic',
    ])
      expect([feature, connection.capabilities().hasFeature(feature)]).toEqual([feature, true]);
    expect(connection.capabilities().hasFeature('createService')).toBe(false);
    const [basic] = await connection.listAuthProviders();
    expect(basic?.getType()).toBe('basic');
    await basic?.login('me', 'whatever');
    expect((await connection.describeAccount()).user_id).toBe('local');
    const { collections } = await connection.listCollections();
    expect(collections.map(({ id }) => id)).toContain('sample-s2-l2a');
    expect(await connection.describeCollection('sample-s2-l2a')).toMatchObject({
      'cube:dimensions': { bands: { values: expect.arrayContaining(['red', 'nir', 'scl']) } },
    });
    const pages = connection.paginateProcesses();
    let processes = 0;
    while (pages.hasNextPage()) processes += (await pages.nextPage()).length;
    expect(processes).toBe(processDefinitions().length);
    expect(Object.keys((await connection.listFileTypes()).getOutputTypes())).toEqual([
      'GTIFF',
      'PNG',
      'JSON',
      'CSV',
      'GEOJSON',
      'PARQUET',
    ]);
  });

  it('is told what is wrong with a graph', async () => {
    expect([...(await connection.validateProcess(composite()))]).toEqual([]);
    const wrong = { process_graph: { a: call('no_such', {}, done) } };
    expect([...(await connection.validateProcess(wrong))]).toMatchObject([{ code: 'ProcessUnsupported' }]);
    await expect(connection.computeResult(wrong)).rejects.toMatchObject({
      code: 'ProcessUnsupported',
      message: expect.stringContaining('no_such'),
    });
    await expect(connection.describeCollection('no-such')).rejects.toThrow('404');
  });

  it('computes numbers, cubes, pictures and rasters at once', async () => {
    const sum = { process_graph: { a: call('add', { x: 1, y: 2 }, done) } };
    expect((await bytesOf(sum)).toString()).toBe('3');
    const max = {
      process_graph: {
        l: load(summer, ['nir', 'red']),
        b: call('reduce_dimension', { data: node('l'), dimension: 'bands', reducer: over('max') }),
        t: call('reduce_dimension', { data: node('b'), dimension: 't', reducer: over('mean') }),
        s: call('save_result', { data: node('t'), format: 'PNG' }, done),
      },
    };
    expect((await bytesOf(max)).subarray(1, 4).toString()).toBe('PNG');
    const path = join(data.path, 'evaluated.tif');
    max.process_graph.s = call('save_result', { data: node('t'), format: 'GTiff' }, done);
    writeFileSync(path, await bytesOf(max));
    if (hasGdal) expect(gdalTool('gdalinfo', path)).toContain('EPSG",32632');
    const days = {
      process_graph: {
        l: load(summer, ['nir']),
        z: call('reduce_spatial', { data: node('l'), reducer: over('mean') }),
        s: call('save_result', { data: node('z'), format: 'JSON' }, done),
      },
    };
    const cube = JSON.parse((await bytesOf(days)).toString()) as { order: string[]; data: number[][] };
    expect(cube.order).toEqual(['t', 'bands']);
    expect(cube.data.length).toBeGreaterThan(3);
    const large = structuredClone(composite());
    large.process_graph.l.arguments = {
      ...large.process_graph.l.arguments,
      spatial_extent: { west: 10.36, south: 48.76, east: 10.5, north: 48.85 },
    };
    await expect(connection.computeResult(large)).rejects.toMatchObject({ code: 'ProcessGraphComplexity' });
  });

  it('makes a table of fields, from our own collection by its URL', async () => {
    const field = (west: number, east: number, name: string) => ({
      type: 'Feature',
      id: name,
      properties: {},
      geometry: {
        type: 'Polygon',
        coordinates: [[west, east, east, west, west].map((x, i) => [x, i < 2 || i === 4 ? 48.792 : 48.798])],
      },
    });
    const geometries = {
      type: 'FeatureCollection',
      features: [field(10.402, 10.405, 'left'), field(10.405, 10.408, 'right')],
    };
    const from = { url: `${url}/collections/sample-s2-l2a`, spatial_extent: area, temporal_extent: oneDay };
    const table = {
      process_graph: {
        l: call('load_stac', { ...from, bands: ['red', 'nir'] }),
        z: call('aggregate_spatial', { data: node('l'), geometries, reducer: over('mean') }),
        s: call('save_result', { data: node('z'), format: 'CSV' }, done),
      },
    };
    const [head, ...rows] = (await bytesOf(table)).toString().trim().split('\r\n');
    expect(head).toBe('date,feature_index,feature_id,red,nir');
    expect(rows.map((row) => row.split(',')[2])).toEqual(['left', 'right']);
    for (const row of rows) {
      const [red = Number.NaN, nir = Number.NaN] = row.split(',').slice(3).map(Number);
      expect(red).toBeGreaterThan(0);
      expect(nir).toBeLessThan(1);
    }
    const foreign = structuredClone(table);
    foreign.process_graph.l.arguments = {
      ...from,
      url: 'https://stac.example/collections/c',
      bands: ['red'],
    };
    await expect(connection.computeResult(foreign)).rejects.toMatchObject({
      code: 'ProcessUnsupported',
      message: expect.stringContaining('"l"'),
    });
  });

  it('takes a batch job through its life, to the same pixels as the answer at once', async () => {
    const job = await connection.createJob(composite(), 'Summer');
    expect((await job.describeJob()).status).toBe('created');
    expect((await job.estimateJob()).size).toBeGreaterThan(0);
    await job.updateJob({ title: 'Summer of 2024' });
    await job.startJob();
    const finished = await new Promise<Job>((resolve, reject) => {
      const stop = job.monitorJob((now) => {
        if (now.status === 'finished') resolve(now);
        if (now.status === 'error') reject(new Error('the job failed'));
        if (now.status === 'finished' || now.status === 'error') stop();
      }, 1);
    });
    expect(finished).toMatchObject({ title: 'Summer of 2024', progress: 100 });
    expect((await job.debugJob().nextLogs()).length).toBeGreaterThan(3);
    const stac = await job.getResultsAsStac();
    const [asset] = Object.values(stac.assets);
    expect(asset?.type).toBe('image/tiff; application=geotiff; profile=cloud-optimized');
    const part = await fetch(asset?.href ?? '', { headers: { Range: 'bytes=0-3' } });
    expect([part.status, part.headers.get('content-range')?.slice(0, 10)]).toEqual([206, 'bytes 0-3/']);
    const files = await job.downloadResults(data.path);
    const tif = files.find((file) => file.endsWith('.tif')) ?? '';
    const once = join(data.path, 'once.tif');
    writeFileSync(once, await bytesOf(composite()));
    if (hasGdal) {
      const checksum = (path: string) => gdalTool('gdalinfo', '-checksum', path).match(/Checksum=\d+/)?.[0];
      expect(checksum(tif)).toBe(checksum(once));
    }
    expect((await connection.listJobs()).map(({ id }) => id)).toContain(job.id);
    await job.deleteJob();
    expect((await connection.listJobs()).map(({ id }) => id)).not.toContain(job.id);
  }, 60_000);

  it('saves a pipeline and uses it as a process', async () => {
    const scaled = {
      parameters: [{ name: 'cube', description: 'Bands.', schema: { type: 'object', subtype: 'datacube' } }],
      process_graph: { n: call('ndvi', { data: { from_parameter: 'cube' } }, done) },
    };
    const saved = await connection.setUserProcess('my_ndvi', scaled);
    expect((await connection.listUserProcesses()).map(({ id }) => id)).toEqual(['my_ndvi']);
    const graph = {
      process_graph: {
        l: load(oneDay, ['red', 'nir']),
        u: call('my_ndvi', { cube: node('l') }),
        s: call('save_result', { data: node('u'), format: 'GTiff' }, done),
      },
    };
    expect([...(await connection.validateProcess(graph))]).toEqual([]);
    expect((await bytesOf(graph)).subarray(0, 2).toString()).toBe('II');
    await saved.deleteUserProcess();
    await expect(connection.computeResult(graph)).rejects.toMatchObject({ code: 'ProcessUnsupported' });
  });
});

const script = `
import json, os, sys, tempfile
import openeo, pystac, requests
from openeo.api.process import Parameter
from openeo.processes import add, multiply
root = sys.argv[1]
c = openeo.connect(root)
c.authenticate_basic('me', 'whatever')
s2 = c.load_collection('sample-s2-l2a', spatial_extent={'west': 10.40, 'south': 48.79, 'east': 10.41, 'north': 48.80},
    temporal_extent=['2024-06-01', '2024-09-01'], bands=['red', 'nir', 'scl'], max_cloud_cover=60)
scl = s2.band('scl')
clear = s2.mask((scl == 3) | (scl == 8) | (scl == 9) | (scl == 10))
red, nir = clear.band('red'), clear.band('nir')
ndvi = ((nir - red) / (nir + red)).max_time()
folder = tempfile.mkdtemp(dir=sys.argv[2])
once = os.path.join(folder, 'once.tiff')
problems = ndvi.validate()
ndvi.download(once)
job = ndvi.create_job(title='Clear', out_format='GTiff')
before = job.status()
size = job.estimate()['size']
job.start_and_wait(print=lambda text: None, max_poll_interval=1)
files = [str(path) for path in job.get_results().download_files(folder)]
collection = pystac.Collection.from_dict(requests.get(f'{root}/jobs/{job.job_id}/results').json())
series = s2.band('nir').aggregate_temporal_period('month', reducer='mean').reduce_spatial(reducer='mean')
means = c.execute(series.save_result('JSON').flat_graph())
try:
    series.save_result('GTiff').create_job()
    refused = None
except openeo.rest.OpenEoApiError as error:
    refused = error.code
box = dict(west=603000, south=5405000, east=603600, north=5405600, crs=32632)
boxed = c.load_collection('sample-s2-l2a', temporal_extent=['2024-06-01', '2024-09-01'], bands=['red', 'nir'])
boxed = boxed.filter_bbox(**box).resample_spatial(resolution=20, method='average').ndvi(nir='nir', red='red').max_time()
boxed.download(os.path.join(folder, 'boxed.tiff'))
boxed.execute_batch(os.path.join(folder, 'boxed-job.tif'), out_format='GTiff', print=lambda text: None, max_poll_interval=1)
f = Parameter.number('f', description='Fahrenheit')
c.save_user_defined_process('f2c', multiply(x=add(x=f, y=-32), y=5 / 9), parameters=[f])
celsius = c.execute(c.datacube_from_process('f2c', namespace='user', f=50).flat_graph())
c.user_defined_process('f2c').delete()
print(json.dumps({'problems': problems, 'before': before, 'size': size, 'after': job.status(), 'once': once, 'files': files,
    'items': len(list(collection.get_items())), 'means': means['dimensions']['t']['values'], 'refused': refused,
    'boxed': [os.path.join(folder, name) for name in ('boxed.tiff', 'boxed-job.tif')],
    'celsius': celsius, 'spec': requests.get(f"{root}/requests/{job.describe()['swath:request']}").json()['spec']['mask']}))
`;

describe.skipIf(!hasPython)('the openEO Python client', () => {
  it('masks by SCL, cuts out a box in metres, downloads, runs jobs, saves a pipeline, and is told what a job cannot do', () => {
    const text = execFileSync(python, ['-c', script, url, data.path], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const found = JSON.parse(text.trim().split('\n').at(-1) ?? '') as {
      once: string;
      files: string[];
      boxed: string[];
    };
    expect(found).toMatchObject({
      problems: [],
      before: 'created',
      after: 'finished',
      items: 1,
      means: ['2024-06', '2024-07', '2024-08'],
      refused: 'ProcessUnsupported',
      celsius: 10,
      spec: { band: 'scl', classes: [3, 8, 9, 10] },
    });
    if (!hasGdal) return;
    const checksum = (path: string) => gdalTool('gdalinfo', '-checksum', path).match(/Checksum=\d+/)?.[0];
    const tif = found.files.find((file) => file.endsWith('.tif')) ?? '';
    expect(checksum(tif)).toBe(checksum(found.once));
    // One file by its name, and a box in metres of the imagery's own CRS to the pixel.
    const [atOnce = '', asJob = ''] = found.boxed;
    expect(checksum(asJob)).toBe(checksum(atOnce));
    const about = gdalTool('gdalinfo', asJob);
    expect(about).toContain('Size is 30, 30');
    expect(about).toMatch(/Upper Left +\( +603000\.000, 5405600\.000\)/);
  }, 60_000);
});
