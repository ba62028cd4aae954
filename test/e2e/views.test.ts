import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { analyticsViews } from '@swath/analytics/tables/index';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { type Started, startScript, temporaryFolder } from '../support/start.ts';
import { swathRunner } from '../support/swath-runner.ts';

/** What the STAC API says of a result: the other side of every comparison here. */
const items = z.object({
  features: z.array(
    z.object({
      id: z.string(),
      properties: z.object({
        datetime: z.string(),
        'eo:cloud_cover': z.number(),
        'swath:request': z.string(),
        'swath:counts': z.object({ total: z.number() }),
      }),
      assets: z.object({
        data: z.object({
          'file:size': z.number(),
          bands: z.tuple([
            z.object({
              statistics: z.object({
                minimum: z.number(),
                maximum: z.number(),
                mean: z.number(),
                stddev: z.number(),
                valid_percent: z.number(),
              }),
            }),
          ]),
        }),
      }),
    }),
  ),
});
type Item = z.output<typeof items>['features'][number];

const zones = {
  type: 'FeatureCollection',
  features: [
    ['west', 10.4],
    ['east', 10.42],
  ].map(([id, west]) => {
    const [x = 0, y] = [Number(west), 48.8];
    const ring = [
      [x, y],
      [x + 0.015, y],
      [x + 0.015, y + 0.01],
      [x, y + 0.01],
      [x, y],
    ];
    return { type: 'Feature', id, properties: {}, geometry: { type: 'Polygon', coordinates: [ring] } };
  }),
};

/** Rows of `GET /requests/{id}/statistics` by zone. */
const zoneStatistics = z.object({
  rows: z.array(
    z.looseObject({
      zone: z.string(),
      start: z.string(),
      count: z.number(),
      mean: z.number(),
      p50: z.number(),
      min: z.number(),
      max: z.number(),
      std: z.number(),
    }),
  ),
});

const data = temporaryFolder('views');
let server: Started;
let swath: ReturnType<typeof swathRunner>;
let found: readonly Item[] = [];
let byZone: z.output<typeof zoneStatistics>['rows'] = [];
const asked = { first: '', zones: '', none: '' };

const rowsOf = async (query: string): Promise<readonly Readonly<Record<string, unknown>>[]> => {
  const { code, stdout, stderr } = await swath(['sql', query, '--json']);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout).rows;
};
const ofRequest = (id: string) => found.filter(({ properties }) => properties['swath:request'] === id);
const sum = (values: readonly number[]) => values.reduce((all, one) => all + one, 0);
const sizeOf = (some: readonly Item[]) => sum(some.map(({ assets }) => assets.data['file:size']));

beforeAll(async () => {
  server = startScript('packages/cli/src/start.ts', [], { SWATH_DATA: data.path, SWATH_PORT: '0' });
  const url = (await server.saw(/stays up at (http:\S+)/))[1] ?? '';
  swath = swathRunner({ cwd: data.path, env: { SWATH_URL: url, SWATH_DATA: data.path } });
  writeFileSync(join(data.path, 'zones.geojson'), JSON.stringify(zones));
  const submit = async (...flags: readonly string[]) => {
    const ran = await swath([
      'submit',
      '--index',
      'NDVI',
      '--collection',
      'sample-s2-l2a',
      '--watch',
      '--json',
      ...flags,
    ]);
    const { id } = z.object({ id: z.string().optional() }).parse(JSON.parse(ran.stdout));
    return id ?? expect.fail(`${ran.stdout}${ran.stderr}`);
  };
  const place = ['--aoi', '10.39,48.79,10.45,48.82'];
  const spring = ['--datetime', '2024-05-01/2024-08-31'];
  asked.zones = await submit(...place, ...spring, '--zones', 'zones.geojson', '--label', 'customer=acme');
  asked.none = await submit(...place, '--datetime', '2010-01-01/2010-02-01');
  found = items.parse(await (await fetch(`${url}/search?collections=results&limit=100`)).json()).features;
  asked.first =
    found.find(({ properties }) => properties['swath:request'] !== asked.zones)?.properties[
      'swath:request'
    ] ?? '';
  const statistics = await fetch(`${url}/requests/${asked.zones}/statistics?limit=1000`);
  byZone = zoneStatistics.parse(await statistics.json()).rows.filter(({ zone }) => zone !== 'whole');
  // Rows come seconds after the end.
  await vi.waitUntil(async () => (await rowsOf('SELECT 1 AS one FROM requests')).length === 3, {
    timeout: 30_000,
    interval: 500,
  });
}, 180_000);

afterAll(async () => {
  server.process.kill('SIGINT');
  await server.finished;
  data.remove();
});

/** As charts are: ids that begin with digits are not in the order of their characters. */
const inReadingOrder = new Intl.Collator('en', { numeric: true });

/** A check per view, by its name: one that is added has to get one. */
const checks: Readonly<Record<string, () => Promise<void>>> = {
  async ndvi_time_series() {
    const rows = await rowsOf(
      'SELECT item_id, mean, std, valid_percent, cloud_percent FROM ndvi_time_series ORDER BY item_id',
    );
    expect(rows).toEqual(
      found
        .map(({ id, properties, assets }) => {
          const { mean, stddev, valid_percent } = assets.data.bands[0].statistics;
          return {
            item_id: id,
            mean,
            std: stddev,
            valid_percent,
            cloud_percent: properties['eo:cloud_cover'],
          };
        })
        .toSorted((a, b) => (a.item_id < b.item_id ? -1 : 1)),
    );
  },
  async zone_time_series() {
    const rows = await rowsOf(
      'SELECT zone, start_datetime, count, mean, median, min, max, std FROM zone_time_series ORDER BY 1, 2',
    );
    expect(rows).toHaveLength(2 * ofRequest(asked.zones).length);
    expect(rows).toEqual(
      byZone
        .toSorted((a, b) => (`${a.zone}${a.start}` < `${b.zone}${b.start}` ? -1 : 1))
        .map(({ zone, start, count, mean, p50, min, max, std }) => ({
          zone,
          start_datetime: start.slice(0, 19).replace('T', ' '),
          count,
          mean,
          median: p50,
          min,
          max,
          std,
        })),
    );
  },
  async cloud_free_share_per_month() {
    const expected = [asked.first, asked.zones].flatMap((request) =>
      [...Map.groupBy(ofRequest(request), ({ properties }) => properties.datetime.slice(0, 7))].map(
        ([month, some]) => {
          const clouds = some.map(({ properties }) => properties['eo:cloud_cover']);
          return {
            month: `${month}-01 00:00:00`,
            acquisitions: some.length,
            cloud_free_acquisitions: clouds.filter((cloud) => cloud < 10).length,
            cloud_free_percent: expect.closeTo(100 - sum(clouds) / clouds.length, 9),
          };
        },
      ),
    );
    const rows = await rowsOf(`SELECT month, acquisitions, cloud_free_acquisitions, cloud_free_percent
      FROM cloud_free_share_per_month ORDER BY month, acquisitions, cloud_free_percent`);
    expect(rows).toHaveLength(expected.length);
    expect(rows).toEqual(expect.arrayContaining(expected));
  },
  async images_by_type_and_customer() {
    const row = (customer: string | null, some: readonly Item[]) => ({
      customer,
      output_type: 'NDVI',
      images: some.length,
      images_computed: some.length,
      scenes: some.length,
      size_bytes: sizeOf(some),
    });
    expect(
      await rowsOf(`SELECT customer, output_type, images, images_computed, scenes, size_bytes
        FROM images_by_type_and_customer ORDER BY customer NULLS LAST`),
    ).toEqual([row('acme', ofRequest(asked.zones)), row(null, ofRequest(asked.first))]);
  },
  async failures_by_reason() {
    expect(
      await rowsOf('SELECT state, reason, fault, requests, last_request_id FROM failures_by_reason'),
    ).toEqual([
      { state: 'failed', reason: 'NO_IMAGERY', fault: 'user', requests: 1, last_request_id: asked.none },
    ]);
  },
  async cost_per_project_and_day() {
    const [row] =
      await rowsOf(`SELECT sum(requests) AS requests, sum(attempts) AS attempts, sum(output_bytes) AS bytes,
      sum(output_pixels) AS pixels, sum(compute_seconds) > 0 AS computed, sum(cpu_seconds) > 0 AS measured,
      sum(price_usd) > 0.003 AND sum(price_usd) < 0.05 AS priced FROM cost_per_project_and_day`);
    expect(row).toEqual({
      requests: 3,
      attempts: 3,
      bytes: sizeOf(found),
      pixels: sum(found.map(({ properties }) => properties['swath:counts'].total)),
      computed: true,
      measured: true,
      // Two requests of three containers, a minute each at least, and one that found nothing.
      priced: true,
    });
  },
  async cost_per_user_and_day() {
    expect(await rowsOf('SELECT requested_by, requests FROM cost_per_user_and_day')).toEqual([
      { requested_by: null, requests: 3 },
    ]);
    expect(await rowsOf('SELECT sum(price_usd) AS usd FROM cost_per_user_and_day')).toEqual(
      await rowsOf('SELECT sum(price_usd) AS usd FROM usage'),
    );
  },
  async cost_per_label_and_day() {
    expect(
      await rowsOf(`SELECT l.label, l.label_value, l.requests, l.price_usd = u.price_usd AS same
        FROM cost_per_label_and_day l, usage u WHERE u.request_id = '${asked.zones}'`),
    ).toEqual([{ label: 'customer', label_value: 'acme', requests: 1, same: true }]);
  },
  async results() {
    const rows = await rowsOf('SELECT item_id, request_id, size_bytes FROM results ORDER BY item_id');
    expect(rows).toEqual(
      found
        .map((item) => ({
          item_id: item.id,
          request_id: item.properties['swath:request'],
          size_bytes: item.assets.data['file:size'],
        }))
        .toSorted((a, b) => (a.item_id < b.item_id ? -1 : 1)),
    );
  },
  async statistics() {
    const rows = await rowsOf(
      `SELECT item_id, min, max, mean, std FROM statistics WHERE zone = 'whole' ORDER BY item_id`,
    );
    expect(rows).toEqual(
      found
        .map(({ id, assets }) => {
          const { minimum, maximum, mean, stddev } = assets.data.bands[0].statistics;
          return { item_id: id, min: minimum, max: maximum, mean, std: stddev };
        })
        .toSorted((a, b) => (a.item_id < b.item_id ? -1 : 1)),
    );
  },
  async requests() {
    expect(
      await rowsOf('SELECT request_id, state, products FROM requests ORDER BY created_at'),
    ).toMatchObject([
      { request_id: asked.first, state: 'succeeded', products: ofRequest(asked.first).length },
      { request_id: asked.zones, state: 'succeeded', products: ofRequest(asked.zones).length },
      { request_id: asked.none, state: 'failed' },
    ]);
  },
  async request_events() {
    const rows = await rowsOf(`SELECT request_id, min(sequence) AS first, count(*) = max(sequence) AS whole,
      max_by(to_state, sequence) AS ended FROM request_events WHERE to_state IS NOT NULL OR kind = 'note' GROUP BY 1`);
    expect(rows).toHaveLength(3);
    expect(rows.map(({ first, whole }) => [first, whole])).toEqual(Array(3).fill([1, true]));
    expect(rows.map(({ ended }) => ended).sort()).toEqual(['failed', 'succeeded', 'succeeded']);
  },
  async usage() {
    const rows = await rowsOf('SELECT request_id, output_bytes, budget_units FROM usage ORDER BY started_at');
    expect(rows).toEqual([
      { request_id: asked.first, output_bytes: sizeOf(ofRequest(asked.first)), budget_units: 1 },
      { request_id: asked.zones, output_bytes: sizeOf(ofRequest(asked.zones)), budget_units: 1 },
      { request_id: asked.none, output_bytes: null, budget_units: 0 },
    ]);
  },
};

describe('views over real requests', () => {
  it.each(analyticsViews.map(({ name }) => [name]))('say what the Items say: %s', async (name) => {
    expect(checks).toHaveProperty(name);
    await checks[name]?.();
  });

  it('are answered as a table, CSV, Parquet and a chart', async () => {
    const query = 'SELECT request_id, datetime, mean FROM ndvi_time_series ORDER BY mean';
    const rows = await rowsOf(query);
    expect(rows).toHaveLength(found.length);
    const table = await swath(['sql', query]);
    expect(table.stdout).toMatch(/^request_id +datetime +mean\n/);
    expect(table.stdout.trimEnd().split('\n')).toHaveLength(rows.length + 2);
    const csv = await swath(['sql', query, '--csv']);
    expect(csv.stdout.trimEnd().split('\n')).toEqual([
      'request_id,datetime,mean',
      ...rows.map(({ request_id, datetime, mean }) => `${request_id},${datetime},${mean}`),
    ]);
    expect((await swath(['sql', query, '--parquet', 'ndvi.parquet'])).code).toBe(0);
    expect(readFileSync(join(data.path, 'ndvi.parquet')).subarray(0, 4).toString()).toBe('PAR1');
    expect(await rowsOf(`SELECT * FROM '${data.path}/ndvi.parquet'`)).toEqual(rows);
    const chart = await swath(['sql', query, '--plot']);
    expect(chart.stdout.match(/^mean {2}.*$/gm)).toEqual(
      [asked.first, asked.zones].sort(inReadingOrder.compare).map((id) => `mean  ${id}`),
    );
    expect((await swath(['sql', `${query} DESC`, '--plot'])).stdout).toBe(chart.stdout);
  });
});
