import { inputs, SMALL_SIZE } from './inputs.ts';
import { timesFaster } from './measure/pairs.ts';
import { peers } from './peers/peers.ts';
import { jobPlain } from './report/job-report.ts';
import { complaints, runJob } from './run-job.ts';

/**
 * How fast the int16 job must be on 2048 x 2048 pixels, in units of gdal_calc.py + gdal_translate (medians of pairs).
 * Not the whole tile's targets: this small, two thirds of our time is the start of the program. Each is 60 % of what was
 * seen on two quiet cores (wall 1.04, CPU 1.22), so that it fails on a slowdown and not on a noisy neighbour.
 */
const FLOORS = { wallS: 0.62, cpuS: 0.73 } as const;

/** Enough for a median that one disturbed pair does not move; about 25 s in all. */
const PAIRS = 5;

const say = (line: string) => console.error(line);
const gdalCalc = peers.filter(({ id }) => id === 'gdal-calc');
if ((await gdalCalc[0]?.version()) === undefined) {
  console.warn(
    'SKIPPED: no gdal_calc.py, gdal_translate and numpy on this machine, so speed is NOT checked.',
  );
  console.warn('Debian and Ubuntu have them as gdal-bin, python3-gdal and python3-numpy.');
} else {
  const found = await inputs(SMALL_SIZE, say);
  const result = await runJob({
    job: 'i16',
    size: SMALL_SIZE,
    inputs: found,
    peers: gdalCalc,
    pairs: PAIRS,
    say,
  });
  console.log(`\n${jobPlain(result)}\n`);
  for (const complaint of complaints(result)) {
    console.error(`WRONG: ${complaint}`);
    process.exitCode = 1;
  }
  const [peer] = result.peers;
  if (peer?.status !== 'measured') {
    console.error('The peer did not do the job, so speed could not be compared.');
    process.exitCode = 1;
  } else {
    for (const figure of ['wallS', 'cpuS'] as const) {
      const { median } = timesFaster(peer.pairs, figure);
      const floor = FLOORS[figure];
      const word = figure === 'wallS' ? 'wall clock' : 'CPU time';
      const verdict = median >= floor ? 'passed' : 'FAILED';
      console.log(`${word}: ${median.toFixed(2)} times as fast as gdal_calc.py, floor ${floor}: ${verdict}`);
      if (median < floor) process.exitCode = 1;
    }
  }
}
