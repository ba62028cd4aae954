import { SwathError } from '@swath/core';
import type { Aoi, BboxWgs84, Interval } from '@swath/geo';
import type { Clock, Provider } from '@swath/ports';
import type { Geometry } from '../cql2/ast.ts';
import { shapesOf } from '../geometry/shape.ts';
import { PROVIDER_CALLS, PROVIDER_PAGE, PROVIDER_WINDOW_DAYS } from '../limits.ts';
import type { Batch, ScanQuery, Source } from '../search/source.ts';
import type { Entry } from '../store/types.ts';
import { sceneEntry } from './scene-item.ts';

const DAY_MS = 86_400_000;
/** Nothing was seen from orbit before Landsat's ancestors. */
const FIRST_MS = Date.UTC(1960, 0, 1);

export interface ProviderSearch {
  readonly provider: Provider;
  /** Id of the collection with the provider, and in the catalogue. */
  readonly providerCollection: string;
  readonly collection: string;
  readonly area: Geometry | undefined;
  readonly ids: readonly string[] | undefined;
  readonly clock: Clock;
}

/**
 * Scenes of a provider in the order of time. A provider answers with any part of what matches when there is more than it
 * was asked for; so all of the time is asked for first, and when that is too much, window after window, each of which is
 * complete: halved until it fits, doubled while little comes.
 *
 * @throws LimitExceeded when one instant has more scenes than an answer; what the provider throws.
 */
export function providerSource(search: ProviderSearch): Source {
  return {
    async *scan(query) {
      const { datetime, direction, fromMs } = query;
      const from = fromMs === undefined ? undefined : new Date(fromMs).toISOString();
      const start = direction === 'asc' ? (from ?? datetime.start) : datetime.start;
      const end = direction === 'desc' ? (from ?? datetime.end) : datetime.end;
      if (start !== null && end !== null && start > end) return;
      const whole = await ask(search, query, { start, end });
      if (whole !== undefined) {
        yield { entries: whole, completeBeforeMs: undefined };
        return;
      }
      // Scenes are not of tomorrow.
      const latest = search.clock.now() + DAY_MS;
      yield* windows(
        search,
        query,
        start === null ? FIRST_MS : Date.parse(start),
        end === null ? latest : Date.parse(end),
      );
    },
  };
}

async function* windows(
  search: ProviderSearch,
  query: ScanQuery,
  fromMs: number,
  toMs: number,
): AsyncGenerator<Batch> {
  const isUp = query.direction === 'asc';
  let lengthMs = PROVIDER_WINDOW_DAYS * DAY_MS;
  let [least, most] = [fromMs, toMs];
  for (let calls = 1; calls < PROVIDER_CALLS && least <= most; calls++) {
    const start = isUp ? least : Math.max(least, most - lengthMs + 1);
    const end = isUp ? Math.min(most, least + lengthMs - 1) : most;
    const entries = await ask(search, query, {
      start: new Date(start).toISOString(),
      end: new Date(end).toISOString(),
    });
    if (entries === undefined) {
      lengthMs = Math.max(1, Math.floor((end - start + 1) / 2));
      continue;
    }
    if (entries.length < PROVIDER_PAGE / 4) lengthMs *= 2;
    if (isUp) least = end + 1;
    else most = start - 1;
    const rest = isUp ? least : most;
    yield { entries, completeBeforeMs: least > most ? undefined : rest };
  }
  if (least > most) return;
  if (least === fromMs && most === toMs) {
    throw new SwathError(
      'LimitExceeded',
      `"${search.collection}" has more than ${PROVIDER_PAGE} scenes within minutes.`,
      { pointer: '/bbox', fix: 'Narrow the search by area.' },
    );
  }
  // Out of calls: this page ends here, and the next one goes on.
  yield { entries: [], completeBeforeMs: isUp ? least : most, isPaused: true };
}

/** All scenes of a time; undefined when there are more than one answer holds. */
async function ask(
  search: ProviderSearch,
  query: ScanQuery,
  datetime: Interval,
): Promise<readonly Entry[] | undefined> {
  const { provider, providerCollection, area, ids, collection } = search;
  const answer = await provider.search({
    collections: [providerCollection],
    ...(area === undefined ? {} : { aoi: areaAround(area) }),
    ...(ids === undefined ? {} : { ids }),
    datetime,
    limit: PROVIDER_PAGE,
    ...(query.signal === undefined ? {} : { signal: query.signal }),
  });
  if (answer.truncated) return undefined;
  const sign = query.direction === 'asc' ? 1 : -1;
  return answer.scenes
    .flatMap((scene) => sceneEntry(scene, collection) ?? [])
    .sort((a, b) => sign * (a.startMs - b.startMs));
}

/** The boxes around an area: what providers are asked for. The area itself is looked at when the scenes are here. */
function areaAround(area: Geometry): Aoi {
  const parts =
    area.type === 'MultiPolygon'
      ? area.coordinates.map((p): Geometry => ({ type: 'Polygon', coordinates: p }))
      : [area];
  const boxes = parts.flatMap(shapesOf).map(({ bounds }): BboxWgs84 => padded(bounds));
  const west = boxes.filter((box) => box[0] < 0 && box[2] <= 0);
  const east = boxes.filter((box) => !west.includes(box));
  const spansSeam = east.some((box) => box[2] >= 180) && west.some((box) => box[0] <= -180);
  const bboxes = spansSeam ? [around(east), around(west)] : [around(boxes)];
  const rings = bboxes.map(([w, s, e, n]) => [
    [
      [w, s],
      [e, s],
      [e, n],
      [w, n],
      [w, s],
    ] as const,
  ]);
  return { geometry: { type: 'MultiPolygon', coordinates: rings }, bboxes, areaKm2: 0, clip: false };
}

/** About 10 m around a point or a line, so that the box has an inside. */
const PAD_DEGREES = 1e-4;

function padded([w, s, e, n]: readonly [number, number, number, number]): BboxWgs84 {
  if (w < e && s < n) return [w, s, e, n];
  return [
    Math.max(-180, w - PAD_DEGREES),
    Math.max(-90, s - PAD_DEGREES),
    Math.min(180, e + PAD_DEGREES),
    Math.min(90, n + PAD_DEGREES),
  ];
}

const around = (boxes: readonly BboxWgs84[]): BboxWgs84 => [
  Math.min(...boxes.map((box) => box[0])),
  Math.min(...boxes.map((box) => box[1])),
  Math.max(...boxes.map((box) => box[2])),
  Math.max(...boxes.map((box) => box[3])),
];
