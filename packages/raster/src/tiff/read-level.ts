import { SwathError } from '@swath/core';
import { sampleBytesOf } from '../codec/block.ts';
import type { KernelTarget, RasterImage, RasterInfo, WindowPixels, WindowRequest } from '../image.ts';
import { CMYK_BANDS, inkToLight, isCmyk } from './cmyk.ts';
import type { Layout } from './layout.ts';
import type { Level } from './levels.ts';
import { checkWindow, readBand, readBandInto } from './read-window.ts';
import { fillSamples, samplesOf } from './samples.ts';

/** Reads windows of the levels of a TIFF. Inks have to be mixed, so they are not read where the caller says. */
export function levelReader(
  name: string,
  info: RasterInfo,
  levels: readonly Level[],
): Pick<RasterImage, 'readWindow' | 'readInto'> {
  const inks = levels.some(({ image }) => isCmyk(image.layout));
  return {
    readWindow: (request) => readWindow(name, info, levels, request),
    ...(inks
      ? {}
      : {
          readInto: (request: WindowRequest, target: KernelTarget) =>
            readInto(name, info, levels, request, target),
        }),
  };
}

/** 1-based band that is alpha (ExtraSamples 1 or 2), or undefined. */
function alphaBand(layout: Layout): number | undefined {
  const at = layout.extraSamples.findIndex((kind) => kind === 1 || kind === 2);
  const band = layout.samples - layout.extraSamples.length + at + 1;
  return at < 0 || band < 1 ? undefined : band;
}

/** The level a request means. @throws SwathError Bug, LimitExceeded. */
function checkRequest(
  name: string,
  { bands }: RasterInfo,
  levels: readonly Level[],
  request: WindowRequest,
): Level {
  const level = levels[request.level];
  if (level === undefined) throw new SwathError('Bug', `${name}: level ${request.level} of ${levels.length}`);
  const { layout } = level.image;
  const { band } = request;
  if (!Number.isInteger(band) || band < 1 || band > bands.length) {
    throw new SwathError('Bug', `${name}: band ${band} of ${bands.length}`);
  }
  checkWindow(name, request.window, layout, sampleBytesOf(layout));
  return level;
}

/** Pixels that no block stores are invalid in any case, and hold nodata (or 0). */
async function readWindow(
  name: string,
  info: RasterInfo,
  levels: readonly Level[],
  request: WindowRequest,
): Promise<WindowPixels> {
  const { band, window, signal } = request;
  const level = checkRequest(name, info, levels, request);
  const { image } = level;
  const { layout } = image;
  const places = await image.places();
  if (isCmyk(layout)) return await readCmyk(image, places, request);
  const { bytes, stored } = await readBand(image, places, { band, window, signal });
  const data = samplesOf(layout.dtype, bytes);
  if (stored !== undefined) fillMissing(data, stored, info.nodata, layout);
  const valid = await maskOf(level, request, stored);
  return valid === undefined ? { data } : { data, valid };
}

async function readInto(
  name: string,
  info: RasterInfo,
  levels: readonly Level[],
  request: WindowRequest,
  target: KernelTarget,
): Promise<Pick<WindowPixels, 'valid'>> {
  const { band, window, signal, inRows } = request;
  const level = checkRequest(name, info, levels, request);
  const { layout } = level.image;
  const places = await level.image.places();
  const stored = await readBandInto(level.image, places, { band, window, signal, inRows }, target);
  if (stored !== undefined) {
    const length = stored.length * sampleBytesOf(layout);
    fillMissing(samplesOf(layout.dtype, target.space.bytes(target.at, length)), stored, info.nodata, layout);
  }
  const valid = await maskOf(level, request, stored);
  return valid === undefined ? {} : { valid };
}

/** Precedence: a mask IFD, else alpha, and always what no block stores. Absent when every pixel is valid. */
async function maskOf(
  { image, mask }: Level,
  { window, signal }: WindowRequest,
  stored: Uint8Array | undefined,
): Promise<Uint8Array | undefined> {
  if (mask !== undefined) {
    const read = await readBand(mask, await mask.places(), { band: 1, window, signal });
    return intersect(stored, read.bytes, 1);
  }
  const alpha = alphaBand(image.layout);
  if (alpha === undefined) return stored;
  const read = await readBand(image, await image.places(), { band: alpha, window, signal });
  return intersect(stored, read.bytes, sampleBytesOf(image.layout));
}

function fillMissing(
  data: WindowPixels['data'],
  stored: Uint8Array,
  nodata: RasterInfo['nodata'],
  layout: Layout,
): void {
  if (nodata === null) return;
  const filled = samplesOf(layout.dtype, new Uint8Array(sampleBytesOf(layout)));
  fillSamples(filled, nodata === 'nan' ? Number.NaN : nodata);
  fillWhere(data, stored, filled);
}

/** CMYK as GDAL presents it: no mask, no nodata; inks of blocks that are not stored are 0, which is white. */
async function readCmyk(
  image: Level['image'],
  places: Awaited<ReturnType<Level['image']['places']>>,
  { band, window, signal }: WindowRequest,
): Promise<WindowPixels> {
  if (band === CMYK_BANDS) return { data: new Uint8Array(window.width * window.height).fill(255) };
  const ink = await readBand(image, places, { band, window, signal });
  const black = await readBand(image, places, { band: CMYK_BANDS, window, signal });
  const valid = ink.stored ?? black.stored;
  const data = inkToLight(ink.bytes, black.bytes);
  return valid === undefined ? { data } : { data, valid };
}

function fillWhere(data: WindowPixels['data'], stored: Uint8Array, filled: WindowPixels['data']): void {
  const size = data.BYTES_PER_ELEMENT;
  const target = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const pattern = new Uint8Array(filled.buffer, filled.byteOffset, filled.byteLength);
  for (let at = 0; at < stored.length; at++) if (stored[at] === 0) target.set(pattern, at * size);
}

/** 1 where `valid` is (or is absent) and the mask's sample is not 0. */
function intersect(valid: Uint8Array | undefined, mask: Uint8Array, sampleBytes: number): Uint8Array {
  const count = mask.length / sampleBytes;
  const out = new Uint8Array(count);
  for (let at = 0; at < count; at++) {
    let any = 0;
    for (let byte = at * sampleBytes; byte < (at + 1) * sampleBytes; byte++) any |= mask[byte] as number;
    out[at] = any !== 0 && (valid === undefined || valid[at] === 1) ? 1 : 0;
  }
  return out;
}
