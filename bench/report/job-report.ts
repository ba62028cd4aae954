import { FOUND, FULL_SIZE } from '../inputs.ts';
import { type JobName, jobTitles } from '../jobs/jobs.ts';
import { type Spread, spread, timesFaster } from '../measure/pairs.ts';
import type { Agreement } from '../verify/verify.ts';
import type { JobResult, MeasuredPeer } from './job-result.ts';
import { markdownTable, megabytes, plainTable } from './table.ts';

/** What our own result may take, whole tile: peak memory in MB of 10^6, and file size beside GDAL's default. */
const limits: Readonly<Record<JobName, { readonly peakMb: number; readonly aimPeakMb: number } | null>> = {
  i16: { peakMb: 350, aimPeakMb: 160 },
  f32: { peakMb: 500, aimPeakMb: 160 },
  warp: null,
};

const head = [
  'peer',
  'times faster, wall (min-max)',
  'must / aim',
  'met',
  'times less CPU',
  'wall s, ours / theirs',
  'CPU s, ours / theirs',
  'peak MB, ours / theirs',
  'file MB, ours / theirs',
  'pixels identical',
];

/** One job as Markdown: heading, table, what was checked. */
export function jobMarkdown(result: JobResult): string {
  return [
    `### ${headline(result)}`,
    '',
    markdownTable(head, rowsOf(result)),
    '',
    ...notes(result).map((note) => `- ${note}`),
    '',
  ].join('\n');
}

/** The same for a terminal. */
export function jobPlain(result: JobResult): string {
  return [headline(result), plainTable(head, rowsOf(result)), ...notes(result)].join('\n');
}

function headline({ job, size }: JobResult): string {
  return `${jobTitles[job][0]?.toUpperCase()}${jobTitles[job].slice(1)}, ${size} x ${size} pixels`;
}

function rowsOf(result: JobResult): string[][] {
  return result.peers.filter((peer) => peer.status === 'measured').map((peer) => rowOf(peer, result));
}

function rowOf(peer: MeasuredPeer, { size, ours }: JobResult): string[] {
  const wall = timesFaster(peer.pairs, 'wallS');
  // Targets are of the whole tile: of a small one, half the time is the start of the programs.
  const target = size === FULL_SIZE ? peer.target : null;
  const median = (side: 'ours' | 'theirs', of: 'wallS' | 'cpuS') =>
    spread(peer.pairs.map((pair) => pair[side][of])).median.toFixed(2);
  return [
    `${peer.title} (${peer.version})`,
    `${times(wall.median)} (${range(wall)})`,
    target === null ? '-' : `${target.must} / ${target.aim}`,
    target === null ? '-' : verdict(wall.median, target),
    times(timesFaster(peer.pairs, 'cpuS').median),
    `${median('ours', 'wallS')} / ${median('theirs', 'wallS')}`,
    `${median('ours', 'cpuS')} / ${median('theirs', 'cpuS')}`,
    `${peak(peer, 'ours')} / ${peak(peer, 'theirs')}`,
    `${megabytes(ours.sizeBytes)} / ${megabytes(peer.sizeBytes)} (${signed(ours.sizeBytes / peer.sizeBytes - 1)})`,
    share(peer.agreement),
  ];
}

function verdict(median: number, { must, aim }: { readonly must: number; readonly aim: number }): string {
  if (median >= aim) return 'aim';
  return median >= must ? 'must' : '**no**';
}

function notes(result: JobResult): string[] {
  const { ours, job, size } = result;
  const lines = [`Our COG, by GDAL's validator: ${ours.validation.replaceAll('\n', ' ')}.`];
  if (ours.reference !== null) {
    const { maxDifference } = ours.reference;
    lines.push(
      `Against gdalwarp with exact positions (-et 0): ${share(ours.reference)} of pixels identical, largest difference ${maxDifference} DN. gdalwarp as it is run here allows itself an eighth of a pixel of error, which is where it differs from both.`,
    );
  }
  const limit = size === FULL_SIZE ? limits[job] : null;
  const measured = result.peers.filter((peer) => peer.status === 'measured');
  const peaks = measured.flatMap(({ pairs }) => pairs.map((pair) => pair.ours.peakBytes ?? Number.NaN));
  if (limit !== null && peaks.length > 0) {
    const { median, max } = spread(peaks);
    lines.push(
      `Our peak memory: median ${megabytes(median)} MB, largest ${megabytes(max)} MB; must ${limit.peakMb}, aim ${limit.aimPeakMb}.`,
    );
  }
  for (const peer of result.peers) {
    if (peer.status === 'not installed') lines.push(`Not installed: ${peer.title}.`);
    if (peer.status === 'failed') lines.push(`Failed: ${peer.title} (${peer.version}): ${peer.reason}.`);
  }
  const { cpu, cores, memoryGb, system, node } = result.machine;
  lines.push(
    `Measured ${result.date} on ${cores} cores of ${cpu}, ${memoryGb} GB, ${system}, Node ${node}; inputs ${result.inputWriter === FOUND ? FOUND : `compressed by ${result.inputWriter}`}.`,
  );
  return lines;
}

function peak({ pairs }: MeasuredPeer, side: 'ours' | 'theirs'): string {
  const known = pairs.flatMap((pair) => pair[side].peakBytes ?? []);
  return known.length === 0 ? '?' : megabytes(spread(known).median);
}

function share({ identical, pixels }: Agreement): string {
  if (identical === pixels) return 'all';
  // Never rounded up to 100 %.
  return `${(Math.floor((identical / pixels) * 1e5) / 1e3).toFixed(3)} %`;
}

function times(value: number): string {
  return `${value.toFixed(2)}x`;
}

function range({ min, max }: Spread): string {
  return `${min.toFixed(2)}-${max.toFixed(2)}`;
}

function signed(fraction: number): string {
  return `${fraction >= 0 ? '+' : ''}${(fraction * 100).toFixed(1)} %`;
}
