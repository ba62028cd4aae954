import { parseArgs } from 'node:util';
import * as z from 'zod';
import { runAoi } from './aoi.ts';
import { FULL_SIZE, inputs } from './inputs.ts';
import { jobNames } from './jobs/jobs.ts';
import { peers } from './peers/peers.ts';
import { jobPlain } from './report/job-report.ts';
import { saveJobResult } from './report/job-result.ts';
import { updateReadme } from './report/readme.ts';
import { complaints, runJob } from './run-job.ts';
import { runScaling } from './scaling.ts';

const jobList = [...jobNames, 'aoi', 'scaling'] as const;

const usage = `npm run bench -- [options]
  --size N        10 m pixels on a side of the inputs (default ${FULL_SIZE}; 2048 is quick)
  --jobs A,B      of ${jobList.join(', ')} (default all)
  --pairs N       runs of us and each peer, in alternation (default 5)
  --peers A,B     of ${peers.map(({ id }) => id).join(', ')} (default all)
  --print-only    leave bench/results and bench/README.md as they are`;

const listOf = <T extends string>(known: readonly T[]) =>
  z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(known)).min(1));

const options = z.object({
  // Even, because SCL has half the pixels; the largest is what one Sentinel-2 tile has.
  size: z.coerce.number().int().multipleOf(2).min(512).max(FULL_SIZE).default(FULL_SIZE),
  jobs: listOf(jobList).default([...jobList]),
  pairs: z.coerce.number().int().min(1).max(100).default(5),
  peers: listOf(peers.map(({ id }) => id))
    .transform((ids) => peers.filter(({ id }) => ids.includes(id)))
    .optional(),
  'print-only': z.boolean().default(false),
  help: z.boolean().default(false),
});

function readOptions(): z.output<typeof options> {
  try {
    const { values } = parseArgs({
      options: {
        size: { type: 'string' },
        jobs: { type: 'string' },
        pairs: { type: 'string' },
        peers: { type: 'string' },
        'print-only': { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
    return options.parse(values);
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    console.error(`${why}\n\n${usage}`);
    process.exit(2);
  }
}

const chosen = readOptions();
if (chosen.help) {
  console.log(usage);
  process.exit(0);
}
const say = (line: string) => console.error(line);
const found = await inputs(chosen.size, say);
// A table with some of the peers would hide the others.
const keep = !chosen['print-only'] && chosen.peers === undefined;
for (const job of jobNames) {
  if (!chosen.jobs.includes(job)) continue;
  const result = await runJob({
    job,
    size: chosen.size,
    inputs: found,
    peers: chosen.peers ?? peers,
    pairs: chosen.pairs,
    say,
  });
  console.log(`\n${jobPlain(result)}\n`);
  if (keep) say(`written: ${await saveJobResult(result)}`);
  for (const complaint of complaints(result)) {
    console.error(`WRONG: ${complaint}`);
    process.exitCode = 1;
  }
}
if (chosen.jobs.includes('aoi')) {
  if (chosen.size < FULL_SIZE) say('the small area over HTTP is measured on the whole tile only');
  else if (!(await runAoi({ folder: found.folder, rounds: chosen.pairs, keep, say: console.log }))) {
    console.error('WRONG: pixels of the small area differ from those of rasterio.');
    process.exitCode = 1;
  }
}
if (chosen.jobs.includes('scaling')) await runScaling({ inputs: found, keep, say });
if (keep) await updateReadme();
else say('bench/results and bench/README.md are as they were');
