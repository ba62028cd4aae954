import { listCollections, RESULTS } from '@swath/catalog/store/collections';
import { idsSource, indexSource } from '@swath/catalog/store/source';
import type { StoreDeps } from '@swath/catalog/store/types';
import type { Provider } from '@swath/ports';
import { gather } from '@swath/providers/gather';
import type { Scene } from '@swath/stac';

/** What a request calls it. */
export const UPLOADS_PROVIDER = 'uploads';

/**
 * The imagery a project uploaded, as a provider of that project alone. Everything read is below the project's own keys,
 * so that a search cannot leave it.
 */
export function uploadedImagery(deps: StoreDeps, project: string): Provider {
  const own = async () =>
    (await listCollections(deps, project)).filter(
      ({ id, provider }) => id !== RESULTS && provider === undefined,
    );
  return {
    id: UPLOADS_PROVIDER,
    title: 'Uploaded imagery',
    acquire: 'reference',
    async search(query) {
      const found = gather(UPLOADS_PROVIDER, query);
      const there = (await own()).map(({ id }) => id);
      const wanted =
        query.collections.length === 0 ? there : there.filter((id) => query.collections.includes(id));
      const sources =
        query.ids === undefined
          ? wanted.map((id) => indexSource(deps, project, id, 'T'))
          : [idsSource(deps, project, wanted, query.ids)];
      for (const source of sources) {
        const scan = source.scan({
          direction: 'asc',
          datetime: query.datetime ?? { start: null, end: null },
          ...(query.signal === undefined ? {} : { signal: query.signal }),
        });
        for await (const { entries } of scan) {
          for (const { item, base } of entries) found.add(item, `/${base ?? ''}`);
          if (found.isFull()) break;
        }
      }
      const answer = found.answer();
      return { ...answer, scenes: answer.scenes.map(inKeptFiles) };
    },
    async collections() {
      return (await own()).map(({ id, title, description, bands, bbox, interval, license }) => ({
        id,
        title,
        description,
        bands,
        interval: [interval[0] ?? null, interval[1] ?? null] as const,
        license,
        ...(bbox === undefined ? {} : { bbox }),
      }));
    },
  };
}

/** Hrefs were resolved beside the Item's key as if that were a path: they are keys of the raw bucket. */
function inKeptFiles({ itemHref: _key, ...scene }: Scene): Scene {
  return {
    ...scene,
    assets: scene.assets.map((asset) => ({ ...asset, href: `object://raw${asset.href}` })),
  };
}
