import { SwathError } from '@swath/core';

type Ring = readonly (readonly [x: number, y: number])[];

/** Geometries within geometries, in a file that means well: 2. */
const MAX_NESTING = 8;

const POLYGON = 3;
const MULTI_POLYGON = 6;
const COLLECTION = 7;

/**
 * Every polygon of a well-known binary geometry (OGC 06-103r4, both byte orders, ISO and EWKB dimensions; heights and
 * measures are left out), as rings of [x, y]. Points and lines have no polygons.
 * @throws SwathError Corrupt where lengths point beyond the bytes.
 */
export function readWkbPolygons(bytes: Uint8Array): readonly (readonly Ring[])[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: (readonly Ring[])[] = [];
  let at = 0;
  const need = (count: number) => {
    if (at + count > view.byteLength) {
      throw new SwathError('Corrupt', `The geometry needs ${at + count} bytes, it has ${view.byteLength}.`);
    }
  };
  const uint32 = (little: boolean): number => {
    need(4);
    at += 4;
    return view.getUint32(at - 4, little);
  };

  function ring(little: boolean, dimensions: number): Ring {
    const points = uint32(little);
    need(points * dimensions * 8);
    return Array.from({ length: points }, () => {
      const position = [view.getFloat64(at, little), view.getFloat64(at + 8, little)] as const;
      at += dimensions * 8;
      return position;
    });
  }

  function geometry(depth: number): void {
    need(1);
    const little = view.getUint8(at++) === 1;
    const code = uint32(little);
    // EWKB has flags in the high bits, ISO adds 1000 for Z, 2000 for M, 3000 for both.
    if ((code & 0x20000000) !== 0) uint32(little);
    const iso = Math.floor((code & 0x1fffffff) / 1000);
    const type = (code & 0x1fffffff) % 1000;
    const hasZ = (code & 0x80000000) !== 0 || iso === 1 || iso === 3;
    const hasM = (code & 0x40000000) !== 0 || iso === 2 || iso === 3;
    const dimensions = 2 + (hasZ ? 1 : 0) + (hasM ? 1 : 0);
    if (type === POLYGON) {
      const rings = uint32(little);
      need(rings * 4);
      found.push(Array.from({ length: rings }, () => ring(little, dimensions)));
    } else if (type === MULTI_POLYGON || type === COLLECTION) {
      if (depth >= MAX_NESTING) throw new SwathError('Corrupt', 'The geometry is nested too deep.');
      const parts = uint32(little);
      need(parts * 5);
      for (let part = 0; part < parts; part++) geometry(depth + 1);
    } else {
      throw new SwathError('InvalidInput', 'The file has points or lines; an area needs polygons.', {
        fix: 'Export a layer of polygons, or draw a buffer around the features.',
      });
    }
  }

  geometry(0);
  return found;
}
