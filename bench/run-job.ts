import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Inputs, outputFolder } from './inputs.ts';
import { type JobName, jobSpec, jobTitles, resultOf, swathRun } from './jobs/jobs.ts';
import { type Command, CommandFailed, type Measured, measureCommand } from './measure/measure-command.ts';
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
 * One job, us against each peer that is installed and does it; pixels are compared, {@link complaints} judges them.
 * @throws CommandFailed when ours fails. @throws Error when results cannot be compared (other sizes, other places).
 */
export async function runJob(input: RunJobInput): Promise<JobResult> {
  const { job, size, inputs, peers, say } = input;
  const folder = await outputFolder(size);
  const outDir = join(folder, `swath-${job}`);
  await rm(outDir, { recursive: true, force: true });
  const command = swathRun(jobSpec(job, inputs), outDir);
  say(`${jobTitles[job]}, ${size} x ${size}`);
  await measureCommand(command, RUN_TIMEOUT_MS);
  const path = await resultOf(outDir);
  const validation = await validateCog(path);
  const reference = job === 'warp' ? await exactWarp(inputs, folder, path) : null;
  const results: PeerResult[] = [];
  for (const peer of peers) {
    if (job in peer.jobs) results.push(await runPeer(input, peer, { command, path, folder }));
  }
  return {
    job,
    size,
    date: new Date().toISOString().slice(0, 10),
    machine: thisMachine(),
    inputWriter: inputs.writer,
    ours: { sizeBytes: (await stat(path)).size, validation, reference },
    peers: results,
  };
}

interface Ours {
  readonly command: Command;
  /** Our result, rewritten by each run of the command. */
  readonly path: string;
  /** For the results of peers. */
  readonly folder: string;
}

async function runPeer(input: RunJobInput, peer: Peer, ours: Ours): Promise<PeerResult> {
  const { job, inputs, pairs, say } = input;
  const { id, title } = peer;
  const version = await peer.version();
  if (version === undefined) {
    say(` ${title}: not installed`);
    return { status: 'not installed', id, title };
  }
  say(` ${title} (${version})`);
  const out = join(ours.folder, `${id}-${job}.tif`);
  const theirs = peer.command(job, inputs, out);
  try {
    const measured = await measurePairs({
      ours: ours.command,
      theirs,
      pairs,
      timeoutMs: RUN_TIMEOUT_MS,
      say,
    });
    return {
      status: 'measured',
      id,
      title,
      version,
      target: peer.jobs[job] ?? null,
      pairs: measured.map((pair) => ({ ours: rounded(pair.ours), theirs: rounded(pair.theirs) })),
      sizeBytes: (await stat(out)).size,
      agreement: await compareResults(ours.path, out, job),
    };
  } catch (error) {
    if (!(error instanceof CommandFailed) || error.argv !== theirs.argv) throw error;
    say(`  failed: ${error.message}`);
    return { status: 'failed', id, title, version, reason: error.why };
  }
}

/** Against gdalwarp without approximation of positions; null where it is not installed. */
async function exactWarp(inputs: Inputs, folder: string, oursPath: string): Promise<Agreement | null> {
  if ((await toolVersion('gdalwarp')) === undefined) return null;
  const out = join(folder, 'gdalwarp-exact.tif');
  await measureCommand(warpCommand(inputs, out, ['-et', '0']), RUN_TIMEOUT_MS);
  return await compareResults(oursPath, out, 'warp');
}

/** What is wrong with our own result: each a sentence. Empty when all is well. */
export function complaints({ job, ours, peers }: JobResult): string[] {
  const found: string[] = [];
  if (ours.validation !== 'valid' && ours.validation !== 'not checked') {
    found.push(`GDAL's validator does not take our COG for one: ${ours.validation}`);
  }
  const compare = (agreement: Agreement, with_: string) => {
    if (agrees(agreement, job)) return;
    found.push(`Our pixels differ from those of ${with_}: ${JSON.stringify(agreement)}.`);
  };
  if (ours.reference !== null) compare(ours.reference, 'gdalwarp -et 0');
  // gdalwarp's approximation of positions is no reference: it is reported, but only -et 0 decides.
  if (job === 'warp') return found;
  for (const peer of peers) if (peer.status === 'measured') compare(peer.agreement, peer.title);
  return found;
}

/** To what the clock gives: milliseconds. */
function rounded({ wallS, cpuS, peakBytes }: Measured): Measured {
  return { wallS, cpuS: Math.round(cpuS * 1000) / 1000, peakBytes };
}
