import { canonicalJson, contentHash, isSwathError, SwathError } from '@swath/core';
import { type BboxWgs84, type MultiPolygonGeometry, type PolygonGeometry, parseAoi } from '@swath/geo';
import type { Row } from '@swath/ports';
import * as z from 'zod';
import type { RequestDeps } from '../deps.ts';
import { AOI_GEOMETRY_CHARS, AOI_ID, MAX_COMMIT_TRIES, MAX_PAGE } from '../limits.ts';
import {
  type AoiHead,
  aoiHeadKey,
  aoiPk,
  aoiVersionKey,
  geometryOf,
  parseAoiHead,
  parseAoiVersion,
} from './rows.ts';

type Deps = Pick<RequestDeps, 'table' | 'clock'>;

/** What is said about an area in a listing. */
export interface AoiSummary {
  readonly id: string;
  /** From 1; a new one for each change of the geometry. */
  readonly version: number;
  readonly title: string | null;
  readonly areaKm2: number;
  /** Two where the area crosses the antimeridian. */
  readonly bboxes: readonly BboxWgs84[];
  /** RFC 3339 instant of this version. */
  readonly updatedAt: string;
}

export interface AoiView extends AoiSummary {
  readonly geometry: PolygonGeometry | MultiPolygonGeometry;
}

const aoiBody = z.strictObject({
  /** Anything a request's `aoi` may be, but an id. */
  area: z.union([z.array(z.unknown()), z.looseObject({ type: z.string() })]),
  title: z.string().min(1).max(200).optional(),
});

/** An id of the caller's choosing. @throws InvalidInput. */
function checkId(id: string): string {
  if (AOI_ID.test(id)) return id;
  throw new SwathError('InvalidInput', 'The id of an area has 1 to 63 of a to z, 0 to 9, - and _.', {
    pointer: '/id',
    fix: 'Choose one such as "vineyard-north".',
  });
}

const nothing = (id: string) =>
  new SwathError('NotFound', `There is no area of interest "${id.slice(0, 80)}".`, {
    fix: '"swath aois" and GET /aois list those of the project.',
  });

/**
 * Stores an area under an id: version 1, or the next version when the geometry differs from the newest. The same
 * geometry again changes nothing but the title.
 * @throws SwathError InvalidInput with a pointer into the body, LimitExceeded; Conflict when others change it at once.
 */
export async function putAoi(deps: Deps, project: string, id: string, body: unknown): Promise<AoiView> {
  checkId(id);
  const parsed = aoiBody.safeParse(body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new SwathError('InvalidInput', `${issue?.message ?? 'Not an area'}.`, {
      pointer: `/${issue?.path.join('/') ?? ''}`,
      fix: 'Send {"area": <GeoJSON Polygon or [west, south, east, north]>, "title": "..."}.',
    });
  }
  const aoi = parseAoi(parsed.data.area, '/area');
  const geometry = canonicalJson(aoi.geometry);
  if (geometry.length > AOI_GEOMETRY_CHARS) {
    throw new SwathError(
      'LimitExceeded',
      `The area has ${geometry.length} characters; at most ${AOI_GEOMETRY_CHARS}.`,
      { pointer: '/area', fix: 'Draw it with fewer vertices.' },
    );
  }
  const hash = contentHash(aoi.geometry);
  for (let tries = 0; tries < MAX_COMMIT_TRIES; tries++) {
    const before = await readHead(deps, project, id);
    const same = before !== undefined && !before.deleted && before.hash === hash;
    const now = new Date(deps.clock.now()).toISOString();
    const summary = {
      id,
      version: same ? before.version : (before?.version ?? 0) + 1,
      title: parsed.data.title ?? null,
      areaKm2: aoi.areaKm2,
      bboxes: aoi.bboxes,
      updatedAt: same ? before.updatedAt : now,
    };
    const head: Row = {
      ...aoiHeadKey(project, id),
      ...summary,
      createdAt: before?.createdAt ?? now,
      deleted: false,
      hash,
    };
    try {
      await deps.table.transact([
        {
          put: head,
          if: before === undefined ? { exists: false } : { equals: { version: before.version } },
        },
        ...(same
          ? []
          : [
              {
                put: { ...aoiVersionKey(project, id, summary.version), ...summary, geometry },
                if: { exists: false },
              },
            ]),
      ]);
      return { ...summary, geometry: aoi.geometry };
    } catch (error) {
      if (!isSwathError(error, 'Conflict')) throw error;
    }
  }
  throw new SwathError('Conflict', `The area "${id}" is being changed by others.`, {
    fix: 'Look at it again, then send your change.',
  });
}

async function readHead(deps: Deps, project: string, id: string): Promise<AoiHead | undefined> {
  const row = await deps.table.get(aoiHeadKey(project, id));
  return row === undefined ? undefined : parseAoiHead(row);
}

/**
 * The newest version, or the one asked for: versions stay readable, also of an area that was deleted.
 * @throws SwathError NotFound.
 */
export async function getAoi(deps: Deps, project: string, id: string, version?: number): Promise<AoiView> {
  if (!AOI_ID.test(id)) throw nothing(id);
  const head = await readHead(deps, project, id);
  if (head === undefined || (head.deleted && version === undefined)) throw nothing(id);
  const row = await deps.table.get(aoiVersionKey(project, id, version ?? head.version));
  if (row === undefined) throw nothing(version === undefined ? id : `${id}@${version}`);
  const found = parseAoiVersion(row);
  const { title, areaKm2, bboxes, updatedAt } = found;
  return { id, version: found.version, title, areaKm2, bboxes, updatedAt, geometry: geometryOf(found) };
}

/** Areas of the project by id, newest versions. @throws InvalidInput for a foreign cursor. */
export async function listAois(
  deps: Deps,
  project: string,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string },
): Promise<{ readonly aois: readonly AoiSummary[]; readonly cursor?: string }> {
  const page = await deps.table.query({
    partition: aoiPk(project),
    prefix: 'HEAD#',
    limit: Math.min(limit, MAX_PAGE),
    ...(cursor === undefined ? {} : { cursor }),
  });
  const aois = page.rows
    .map(parseAoiHead)
    .filter(({ deleted }) => !deleted)
    .map(({ id, version, title, areaKm2, bboxes, updatedAt }) => ({
      id,
      version,
      title,
      areaKm2,
      bboxes,
      updatedAt,
    }));
  return { aois, ...(page.cursor === undefined ? {} : { cursor: page.cursor }) };
}

/** Takes an area out of the listing; its versions stay, because requests name them. @throws NotFound. */
export async function deleteAoi(deps: Deps, project: string, id: string): Promise<void> {
  const head = AOI_ID.test(id) ? await readHead(deps, project, id) : undefined;
  if (head === undefined || head.deleted) throw nothing(id);
  await deps.table.transact([
    {
      update: aoiHeadKey(project, id),
      set: { deleted: true },
      if: { equals: { version: head.version, deleted: false } },
    },
  ]);
}
