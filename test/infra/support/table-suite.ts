import { expect, it } from 'vitest';
import * as z from 'zod';
import { tinyCollection } from '../../support/tiny-catalogue.ts';
import type { callers } from './callers.ts';

export interface TableSuiteWorld {
  readonly call: ReturnType<typeof callers>['call'];
  /** Turns until the request has one of the states. */
  readonly until: (id: string, states: readonly string[], as: readonly string[]) => Promise<unknown>;
  /** GeoJSON of two fields, `field` and `all`. */
  readonly zones: unknown;
}

const jobView = z.looseObject({ 'swath:request': z.string() });
const resultsView = z.looseObject({
  assets: z.record(z.string(), z.looseObject({ href: z.string(), type: z.string() })),
});

/** A batch job of openEO over fields: its table is made by the API's function, and read by a link that needs no token. */
export function tableSuite(world: () => TableSuiteWorld): void {
  it('make the table of an openEO job over fields, behind a link for whoever has it', async () => {
    const { call, until, zones } = world();
    const caller = ['viewer', 'requester', 'project:p4'];
    const from = (from_node: string) => ({ data: { from_node } });
    const mean = { process_id: 'mean', arguments: { data: { from_parameter: 'data' } }, result: true };
    const process_graph = {
      load: {
        process_id: 'load_collection',
        arguments: {
          id: `tiny:${tinyCollection}`,
          spatial_extent: { west: 4.4, south: 52.3, east: 4.7, north: 52.4 },
          temporal_extent: ['2024-06-01', '2024-07-01'],
          bands: ['red', 'nir'],
        },
      },
      ndvi: { process_id: 'ndvi', arguments: from('load') },
      fields: {
        process_id: 'aggregate_spatial',
        arguments: { ...from('ndvi'), geometries: zones, reducer: { process_graph: { mean } } },
      },
      save: { process_id: 'save_result', arguments: { ...from('fields'), format: 'CSV' }, result: true },
    };
    const created = await call('POST', '/jobs', { body: { process: { process_graph } }, as: caller });
    expect(created.status, created.body).toBe(201);
    const job = `/jobs/${created.headers['openeo-identifier'] ?? created.headers['OpenEO-Identifier']}`;
    expect((await call('POST', `${job}/results`, { as: caller })).status).toBe(202);
    const started = await call('GET', job, { as: caller });
    await until(jobView.parse(JSON.parse(started.body))['swath:request'], ['succeeded'], caller);

    const results = await call('GET', `${job}/results`, { as: caller });
    expect(results.status, results.body).toBe(200);
    const { assets } = resultsView.parse(JSON.parse(results.body));
    expect(Object.keys(assets)).toEqual(['timeseries.csv']);
    const file = await fetch(assets['timeseries.csv']?.href ?? '');
    expect(file.headers.get('content-type')).toBe('text/csv');
    const [head, ...rows] = (await file.text()).trim().split('\r\n');
    expect(head).toBe('date,feature_index,feature_id,value');
    expect(rows.map((row) => row.replace(/T[^,]*(.*),[^,]*$/, '$1'))).toEqual(
      ['2024-06-01', '2024-06-11'].flatMap((day) => [`${day},0,field`, `${day},1,all`]),
    );
    for (const row of rows) expect(Math.abs(Number(row.split(',').at(-1)))).toBeLessThan(1);

    const moved = await call('GET', `${job}/results/timeseries.csv`, { as: caller });
    expect(moved.status).toBe(302);
    expect(await (await fetch(moved.headers['location'] ?? '')).text()).toContain(rows[0]);
    const stranger = await call('GET', `${job}/results/timeseries.csv`, { as: ['admin', 'project:p2'] });
    expect(stranger.status).toBe(404);
  });
}
