import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wktOfWkb } from './wkt.ts';

const texts = [
  'POINT (10.5 -48.123456789)',
  'POINT EMPTY',
  'LINESTRING (0 0, 1 1, 2.5 1e-7)',
  'POLYGON ((0 0, 4 0, 4 4, 0 0), (1 1, 2 1, 2 2, 1 1))',
  'POLYGON EMPTY',
  'MULTIPOINT ((1 2), (3 4))',
  'MULTILINESTRING ((0 0, 1 1), (2 2, 3 3))',
  'MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((5 5, 6 5, 6 6, 5 5)))',
  'GEOMETRYCOLLECTION (POINT (1 2), LINESTRING (0 0, 1 1))',
  'POINT Z (1 2 3)',
  'LINESTRING ZM (1 2 3 4, 5 6 7 8)',
];

describe('geometry as text', () => {
  it('is read back as the same bytes, and written as it was read', async () => {
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    const bytesOf = async (text: string) => {
      const read = await connection.runAndReadAll(`SELECT hex(ST_AsWKB('${text}'::GEOMETRY))`);
      return String(read.getRowsJson()[0]?.[0]);
    };
    for (const text of texts) {
      const hex = await bytesOf(text);
      const ours = wktOfWkb(Uint8Array.from(Buffer.from(hex, 'hex')));
      expect(ours).toBe(text);
      expect(await bytesOf(ours)).toBe(hex);
    }
    connection.closeSync();
  });

  it('refuses bytes that are none, whatever counts they claim', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          expect(wktOfWkb(bytes)).toMatch(/^[A-Z]/);
        } catch (error) {
          expect(error).toMatchObject({ code: 'Corrupt' });
        }
      }),
    );
    const nestedDeep = Uint8Array.from(Array.from({ length: 100 }, () => [1, 7, 0, 0, 0, 1, 0, 0, 0]).flat());
    expect(() => wktOfWkb(nestedDeep)).toThrow(expect.objectContaining({ code: 'Corrupt' }));
  });
});
