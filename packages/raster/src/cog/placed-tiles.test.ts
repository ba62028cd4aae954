import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { ledgerMemory, openLedger } from './ledger.ts';
import { placedTiles } from './placed-tiles.ts';

const folder = mkdtempSync(join(tmpdir(), 'swath-placed-'));
afterAll(() => rmSync(folder, { recursive: true }));

const FRONT = 7;
/** Shorter than some units: their buffer has to grow. */
const UNIT_BYTES = 8;

/** Bytes of the tiles of a unit, made of its number. */
const tilesOf = (unit: number, lengths: readonly number[]): Uint8Array[] =>
  lengths.map((length, tile) => new Uint8Array(length).fill(unit * 8 + tile + 1));

describe('tiles that two lanes place', () => {
  it('lie in the order of their units, whoever makes which and whenever the front is known', () => {
    const unit = fc.record({
      lane: fc.integer({ min: 0, max: 1 }),
      lengths: fc.array(fc.nat(9), { minLength: 1, maxLength: 4 }),
      turn: fc.nat(),
    });
    fc.assert(
      fc.property(fc.array(unit, { minLength: 1, maxLength: 20 }), fc.boolean(), (units, isKnown) => {
        const path = join(folder, 'a');
        writeFileSync(path, '');
        const memory = ledgerMemory(units.length);
        const { setFront } = openLedger(memory);
        if (isKnown) setFront(FRONT);
        const lanes = [0, 1].map(() => placedTiles(path, memory, UNIT_BYTES));
        const turns = [...units.entries()].sort(([, a], [, b]) => a.turn - b.turn);
        for (const [index, { lane, lengths }] of turns) {
          const placed = lanes[lane]!;
          placed.begin(index);
          for (const bytes of tilesOf(index, lengths)) {
            placed.put(bytes);
            bytes.fill(255);
          }
          placed.end();
        }
        setFront(FRONT);
        for (const placed of lanes) {
          placed.finish();
          placed.close();
          placed.close();
        }
        const expected = units.flatMap(({ lengths }, index) => tilesOf(index, lengths));
        expect(readFileSync(path).subarray(FRONT)).toEqual(Buffer.concat(expected));
      }),
    );
  });

  it('are not finished while a unit before is missing', () => {
    const path = join(folder, 'b');
    writeFileSync(path, '');
    const memory = ledgerMemory(2);
    openLedger(memory).setFront(FRONT);
    const placed = placedTiles(path, memory, UNIT_BYTES);
    placed.begin(1);
    placed.put(new Uint8Array(3));
    placed.end();
    expect(() => placed.finish()).toThrow('the place of unit 1 is not known');
    placed.close();
  });
});
