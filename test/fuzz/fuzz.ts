/**
 * Structure-aware fuzzing of the readers: `node test/fuzz/fuzz.ts --mutants 1000000 --seed 1`, or `--replay FILE`.
 * Every mutant follows from the seed and its number. Ends with 1 when any hangs, crashes, costs too much, ends in an
 * untyped error, or, where GDAL is here, has other pixels than GDAL reads.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readSome, untyped } from './read.ts';
import { type FuzzReport, runFuzz } from './run.ts';

const { values } = parseArgs({
  options: {
    mutants: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    samples: { type: 'string', default: '1000' },
    replay: { type: 'string' },
  },
});

if (values.replay !== undefined) {
  const outcome = await readSome(readFileSync(values.replay), values.replay);
  console.dir(outcome, { depth: 4, maxArrayLength: 20 });
  process.exitCode = untyped(outcome) === undefined ? 0 : 1;
} else {
  const folder = mkdtempSync(join(tmpdir(), 'swath-fuzz-'));
  const report: FuzzReport = await runFuzz({
    mutants: Number(values.mutants),
    seed: Number(values.seed),
    samples: Number(values.samples),
    folder,
    log: (line) => console.log(line),
  });
  const { findings, differences, ...counts } = report;
  console.log(JSON.stringify(counts));
  for (const finding of [...findings, ...differences]) console.log(`${finding.file}: ${finding.what}`);
  if (findings.length + differences.length === 0) rmSync(folder, { recursive: true });
  else process.exitCode = 1;
}
