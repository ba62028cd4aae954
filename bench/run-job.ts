import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Inputs, outputFolder } from './inputs.ts';
import { type JobName, jobSpec, jobTitles, resultOf, swathRun } from './jobs/jobs.ts';
import { CommandFailed, type Measured, measureCommand } from './measure/measure-command.ts';
import { measurePairs } from './measure/pairs.ts';
import { toolVersion } from './measure/tools.ts';
import { type Peer, warpCommand } from './peers/peers.ts';
import { type JobResult, type PeerResult, thisMachine } from './report/job-result.ts';
import { type Agreement, agrees, compareResults, validateCog } from './verify/verify.ts';

/**
 * Longest single run. The slowest peer takes half a minute for the whole tile; one that takes ten times as long has
 * hung (GDAL's threads wait for ever now and then when Python holds its lock).
 */
export const RUN_TIMEOUT_MS = 300_000;

export interface RunJobInput {
  readonly job: JobName;
  readonly size: number;
  readonly inputs: Inputs;
  readonly peers: readonly Peer[];
  readonly pairs: number;
  readonly say: (line: string) => void;
}

/**
 * One job, us against each peer that is installed and does it; results are checked against each other.
 * @throws CommandFailed when ours fails. @throws Error when pixels disagree by more than the job's tolerance.
 */
export async function runJob({ job, size, inputs, peers, pairs, say }: RunJobInput): Promise<JobResult> {
  const folder = await outputFolder(size);
  const outDir = join(folder, `swath-${job}`);
  await rm(outDir, { recursive: true, force: true });
  const ours = swathRun(jobSpec(job, inputs), outDir);
  say(`${jobTitles[job]}, ${size} x ${size}`);
  await measureCommand(ours, RUN_TIMEOUT_MS);
  const oursPath = await resultOf(outDir);
  const validation = await validateCog(oursPath);
  if (validation !== 'valid' && validation !== 'not checked') throw new Error(validation);
  const reference = job === 'warp' ? await exactWarp(inputs, folder, oursPath) : null;
  if (reference !== null) checkAgreement(reference, job, 'gdalwarp -et 0');
  const results: PeerResult[] = [];
  for (const peer of peers) {
    if (!(job in peer.jobs)) continue;
    const version = await peer.version();
    const { id, title } = peer;
    if (version === undefined) {
      say(` ${title}: not installed`);
      results.push({ status: 'not installed', id, title });
      continue;
    }
    say(` ${title} (${version})`);
    const out = join(folder, `${id}-${job}.tif`);
    const theirs = peer.command(job, inputs, out);
    try {
      const measured = await measurePairs({ ours, theirs, pairs, timeoutMs: RUN_TIMEOUT_MS, say });
      const agreement = await compareResults(oursPath, out, job);
      // gdalwarp's own approximation is no reference: it is compared, but only -et 0 decides.
      if (job !== 'warp') checkAgreement(agreement, job, title);
      const sizeBytes = (await stat(out)).size;
      const target = peer.jobs[job] ?? null;
      results.push({
        status: 'measured',
        id,
        title,
        version,
        target,
        pairs: measured.map(({ ours, theirs }) => ({ ours: rounded(ours), theirs: rounded(theirs) })),
        sizeBytes,
        agreement,
      });
    } catch (error) {
      if (!(error instanceof CommandFailed) || error.argv === ours.argv) throw error;
      say(`  failed: ${error.message}`);
      results.push({ status: 'failed', id, title, version, reason: error.message });
    }
  }
  return {
    job,
    size,
    date: new Date().toISOString().slice(0, 10),
    machine: thisMachine(),
    inputWriter: inputs.writer,
    ours: { sizeBytes: (await stat(oursPath)).size, validation, reference },
    peers: results,
  };
}

/** Against gdalwarp without approximation of positions; null where it is not installed. */
async function exactWarp(inputs: Inputs, folder: string, oursPath: string): Promise<Agreement | null> {
  if ((await toolVersion('gdalwarp')) === undefined) return null;
  const out = join(folder, 'gdalwarp-exact.tif');
  await measureCommand(warpCommand(inputs, out, ['-et', '0']), RUN_TIMEOUT_MS);
  return await compareResults(oursPath, out, 'warp');
}

function checkAgreement(found: Agreement, job: JobName, title: string): void {
  if (!agrees(found, job))
    throw new Error(`our pixels differ from those of ${title}: ${JSON.stringify(found)}`);
}

/** To what the clock gives: milliseconds. */
function rounded({ wallS, cpuS, peakBytes }: Measured): Measured {
  return { wallS, cpuS: Math.round(cpuS * 1000) / 1000, peakBytes };
}
