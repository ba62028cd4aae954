import { tableFolder } from '@swath/local/table-folder';
import { createRequest, recordEnded } from '@swath/requests';
import { testSpec, testWorld } from '@swath/requests/testing/index';
import { recordRequest } from '../record/record-request.ts';

/** Tables of two requests of two results each, the second with two zones. @returns their ids. */
export async function fillTables(folder: string): Promise<string[]> {
  const analytics = tableFolder(folder);
  const world = testWorld({
    record: (deps, message) =>
      recordEnded(deps, message, [(record) => recordRequest({ analytics, results: deps.results }, record)]),
  });
  const ring = [
    [10.5, 48.5],
    [10.6, 48.5],
    [10.6, 48.51],
    [10.5, 48.5],
  ];
  const zone = (id: string) => ({
    type: 'Feature',
    id,
    geometry: { type: 'Polygon', coordinates: [ring] },
  });
  const zones = { type: 'FeatureCollection' as const, features: [zone('north'), zone(`O'Brien "2", äß`)] };
  const ask = async (changes: object) => {
    const { request } = await createRequest(world.deps, { project: 'p1', body: testSpec(changes) });
    await world.drain();
    return request.id;
  };
  return [await ask({ name: 'plain' }), await ask({ name: 'fields', zones })];
}
