import { isSwathError } from '@swath/core';
import { describe, expect, it } from 'vitest';
import { putAoi } from '../aois/aois.ts';
import { checkSpec } from '../check/check-spec.ts';
import { storedZones } from '../check/zones.ts';
import { contentKey } from '../content-key.ts';
import { readDocument } from '../documents.ts';
import { zonesKey } from '../names.ts';
import { maxZoneRows } from '../plan/limits.ts';
import { testSpec, testWorld } from '../testing/index.ts';
import { testScene } from '../testing.ts';
import { createRequest } from '../use-cases/create-request.ts';
import { planPreview } from '../use-cases/plan-preview.ts';
import { getRequest } from '../use-cases/read-requests.ts';

const square = (lon: number, lat: number) => ({
  type: 'Polygon',
  coordinates: [
    [
      [lon, lat],
      [lon + 0.01, lat],
      [lon + 0.01, lat + 0.01],
      [lon, lat + 0.01],
      [lon, lat],
    ],
  ],
});
const fields = (...places: number[]) => ({
  type: 'FeatureCollection' as const,
  features: places.map((lon, at) => ({
    type: 'Feature',
    id: `field-${at}`,
    properties: {},
    geometry: square(lon, 48.5),
  })),
});
const { aoi: _aoi, ...noArea } = testSpec();
const scenes = [testScene('S2_20240601', '2024-06-01T10:30:00Z')];

describe('a request with zones', () => {
  it('holds their checksum, count and box, and has that box for its area when it names none', () => {
    const { spec, zones, aoi } = checkSpec({ ...noArea, zones: fields(10.5, 10.6) });
    expect(zones?.map(({ id }) => id)).toEqual(['field-0', 'field-1']);
    expect(storedZones(spec)).toEqual({
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      features: 2,
      bbox: [10.5, 48.5, 10.61, 48.51],
    });
    expect(aoi).toMatchObject({ bboxes: [[10.5, 48.5, 10.61, 48.51]], clip: false });
    // What was checked once may be checked again.
    expect(checkSpec(spec)).toMatchObject({ spec, zones: null });
    expect(checkSpec(testSpec({ zones: fields(10.5) })).spec.aoi).toEqual(testSpec().aoi);
  });

  it('has another key than without, and than with other zones or other ids', () => {
    const key = (changes: object) => contentKey(checkSpec({ ...testSpec(), ...changes }), scenes);
    const named = fields(10.5);
    const keys = [
      key({}),
      key({ zones: fields(10.5) }),
      key({ zones: fields(10.6) }),
      key({ zones: { ...named, features: [{ ...named.features[0], id: 'other' }] } }),
    ];
    expect(new Set(keys).size).toBe(4);
    expect(key({ zones: { ...named, name: 'a title' } })).toBe(keys[1]);
  });

  it.each([
    ['no features', { zones: { type: 'FeatureCollection', features: [] } }, '/zones'],
    ['a polygon', { zones: square(10, 48) }, '/zones'],
    ['a number', { zones: 3 }, '/zones'],
    [
      'a zone without an id',
      { zones: { type: 'FeatureCollection', features: [{ type: 'Feature', geometry: square(10, 48) }] } },
      '/zones/features/0/id',
    ],
    ['the id of no zones', { zoneId: 'name' }, '/zoneId'],
    ['zones on both sides of the antimeridian', { aoi: undefined, zones: fields(-179.9, 179.9) }, '/zones'],
    ['no zone in its area', { aoi: [20, 48, 20.1, 48.1], zones: fields(10.5, 30) }, '/zones'],
    [
      'earlier zones beside its area',
      { zones: { sha256: '0'.repeat(64), features: 1, bbox: [30, 48, 31, 49] } },
      '/zones',
    ],
  ])('and %s is refused with field and fix', (_, changes, pointer) => {
    try {
      checkSpec({ ...testSpec(), ...changes });
      expect.unreachable();
    } catch (error) {
      if (!isSwathError(error)) throw error;
      expect(error.pointer).toMatch(new RegExp(`^${pointer}`));
      expect(error.fix).toMatch(/./);
    }
  });

  it('may have zones outside of its area, as long as one meets it', () => {
    expect(checkSpec(testSpec({ zones: fields(10.6, 30) })).zones).toHaveLength(2);
  });

  it('keeps them for its jobs, and its results say where their statistics are', async () => {
    const world = testWorld();
    const body = { ...noArea, zones: fields(10.5, 10.6) };
    const { request } = await createRequest(world.deps, { project: 'p1', body });
    const stored = storedZones(request.spec);
    const kept = JSON.parse(
      new TextDecoder().decode(await world.deps.work.get(zonesKey('p1', stored?.sha256 ?? ''))),
    );
    expect(kept).toMatchObject([{ id: 'field-0' }, { id: 'field-1' }]);
    await world.drain();
    const { state, results } = await getRequest(world.deps, 'p1', request.id);
    expect(state).toBe('succeeded');
    expect(results[0]?.assets.zones).toMatch(/zones\.json$/);
    expect(
      await readDocument(world.deps.work, 'publish', `staging/${request.id}/1/publish.json`),
    ).toMatchObject({
      value: [{ assets: { zonesCsv: expect.stringMatching(/zones\.csv$/) } }, {}],
    });
  });

  it('takes those of an earlier request of the project, and of no other project', async () => {
    const world = testWorld();
    const { request } = await createRequest(world.deps, {
      project: 'p1',
      body: { ...noArea, zones: fields(10.5) },
    });
    const again = { project: 'p1', body: request.spec };
    expect((await createRequest(world.deps, again)).request.spec.zones).toEqual(request.spec.zones);
    await expect(createRequest(world.deps, { ...again, project: 'p2' })).rejects.toMatchObject({
      code: 'NotFound',
      pointer: '/zones',
    });
  });

  it('takes stored areas by id and version, and names the one that is not there', async () => {
    const world = testWorld();
    await putAoi(world.deps, 'p1', 'north', { area: square(10.5, 48.5) });
    await putAoi(world.deps, 'p1', 'south', { area: square(10.6, 48.5) });
    await putAoi(world.deps, 'p1', 'south', { area: square(10.65, 48.5) });
    const { request } = await createRequest(world.deps, {
      project: 'p1',
      body: { ...noArea, zones: ['north', 'south@1'] },
    });
    expect(request.spec.zones).toMatchObject({ features: 2, bbox: [10.5, 48.5, 10.61, 48.51] });
    await expect(
      createRequest(world.deps, { project: 'p1', body: { ...noArea, zones: ['north', 'west'] } }),
    ).rejects.toMatchObject({ code: 'NotFound', pointer: '/zones/1' });
  });

  it('is refused in its plan when it would have too many rows', async () => {
    const days = Array.from(
      { length: maxZoneRows / 10_000 + 1 },
      (_, day) => `2024-06-${String(day + 1).padStart(2, '0')}`,
    );
    const world = testWorld({ scenes: days.map((day) => testScene(`S2_${day}`, `${day}T10:30:00Z`)) });
    const many = { sha256: '0'.repeat(64), features: 10_000, bbox: [10.5, 48.5, 10.6, 48.51] };
    await expect(planPreview(world.deps, 'p1', { ...noArea, zones: many })).rejects.toMatchObject({
      code: 'LimitExceeded',
      pointer: '/zones',
    });
  });
});
