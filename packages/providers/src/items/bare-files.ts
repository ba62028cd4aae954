import { contentHash, SwathError } from '@swath/core';
import { parseInstant, resolveHref, type Scene, type SceneAsset } from '@swath/stac';

/** A GeoTIFF without an Item, as a request names it. */
export interface BareFile {
  readonly href: string;
  readonly band: string;
  /** 1-based. @default 1 */
  readonly bandIndex?: number | undefined;
  /** RFC 3339. */
  readonly datetime?: string | undefined;
  readonly nodata?: number | 'nan' | undefined;
  readonly scale?: number | undefined;
  readonly offset?: number | undefined;
}

export interface NumberedFile {
  /** Position in `items` of the request. */
  readonly index: number;
  readonly file: BareFile;
  /** Absolute address, checked. */
  readonly href: string;
}

/**
 * Files in a row form one scene until a band name repeats or the datetime changes. A file without a datetime belongs
 * to the scene before it.
 */
export function groupFiles(files: readonly NumberedFile[]): readonly (readonly NumberedFile[])[] {
  const groups: NumberedFile[][] = [];
  for (const entry of files) {
    const group = groups.at(-1);
    if (group === undefined || !belongs(entry.file, group)) groups.push([entry]);
    else group.push(entry);
  }
  return groups;
}

function belongs(file: BareFile, group: readonly NumberedFile[]): boolean {
  const datetime = group.find((entry) => entry.file.datetime !== undefined)?.file.datetime;
  const band = file.band.toLowerCase();
  return (
    !group.some((entry) => entry.file.band.toLowerCase() === band) &&
    (file.datetime === undefined || datetime === undefined || instant(file.datetime) === instant(datetime))
  );
}

function instant(text: string): string {
  return parseInstant(text) ?? text;
}

/** One scene of bare files. Its id is the name of its first file; nothing else is known of it. */
export function sceneOfFiles(group: readonly NumberedFile[]): Scene {
  const stated = group.find((entry) => entry.file.datetime !== undefined);
  const datetime = stated?.file.datetime === undefined ? null : parseInstant(stated.file.datetime);
  if (datetime === undefined) {
    throw new SwathError('InvalidInput', 'The datetime of a file is not an RFC 3339 date and time.', {
      pointer: `/items/${stated?.index ?? 0}/datetime`,
      fix: 'Write it as 2024-05-01T10:00:00Z.',
    });
  }
  const first = group[0]?.href.split(/[?#]/, 1)[0]?.split('/').at(-1) ?? '';
  const assets = group.map(assetOfFile);
  return {
    provider: '',
    collection: '',
    id: first.replace(/\.(tiff?|jp2|cog)$/i, '') || 'file',
    datetime,
    geometry: null,
    bboxes: [],
    assets,
    version: contentHash({ datetime, assets }),
    radiometryHints: {},
  };
}

function assetOfFile({ file, href }: NumberedFile): SceneAsset {
  const { nodata, scale, offset } = file;
  return {
    key: file.band,
    href,
    bandIndex: file.bandIndex ?? 1,
    names: [file.band.toLowerCase()],
    roles: ['data'],
    ...(nodata === undefined ? {} : { nodata }),
    ...(scale === undefined ? {} : { scale }),
    ...(offset === undefined ? {} : { offset }),
  };
}

/**
 * Absolute address of something the request names: https or s3, or a file where the caller allows that.
 * @throws InvalidInput that points at the entry.
 */
export function addressOf(href: string, pointer: string, folder: string | undefined): string {
  const base = folder === undefined ? undefined : `${folder.replace(/\/+$/, '')}/request.json`;
  const resolved = resolveHref(href, base);
  if ('href' in resolved) return resolved.href;
  throw new SwathError('InvalidInput', `${pointer} cannot be read: ${resolved.refused}.`, {
    pointer,
    fix:
      folder === undefined ? 'Name it by an https or s3 URL.' : 'Name it by a path, or an https or s3 URL.',
  });
}
