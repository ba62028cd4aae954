import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { gdalOrWarn } from '../support/gdal.ts';
import { runFuzz } from './run.ts';

const MUTANTS = 20_000;
/** Accepted mutants that GDAL reads, too. */
const SAMPLES = 1500;

it('no mutant hangs, crashes, costs too much or ends untyped, and GDAL reads the same pixels', async () => {
  const hasGdal = gdalOrWarn('that mutants have the pixels GDAL reads');
  const folder = mkdtempSync(join(tmpdir(), 'swath-fuzz-'));
  const seed = Number(process.env['SWATH_FUZZ_SEED'] ?? 20_261);
  const report = await runFuzz({ mutants: MUTANTS, seed, samples: SAMPLES, folder, log: console.log });
  // Failing mutants stay where the message says, to be replayed.
  expect([report.findings, report.differences]).toEqual([[], []]);
  rmSync(folder, { recursive: true });
  expect(report.images).toBeGreaterThan(MUTANTS / 10);
  if (hasGdal) expect(report.compared).toBeGreaterThan(SAMPLES / 3);
}, 120_000);
