import { prices, priceTable, requestPriceNames } from '@swath/core/price-table';
import { FREE_DISK_GIB } from '@swath/ports/task-sizes';
import {
  billedSeconds,
  type CostLineName,
  estimateCost,
  NANO,
  TASK_LEAST_S,
} from '@swath/requests/cost/estimate';
import { listRates } from '@swath/requests/cost/rates';
import { CHILD_BYTES_PER_S, CHUNK_S } from '@swath/requests/limits';
import { childCount, chunkSeconds, chunksOfChild, chunksPerChild } from '@swath/requests/plan/children';
import { chunkSize, maxChunks } from '@swath/requests/plan/limits';
import { configOf } from '../../../lib/config.ts';
import { isolatedMonthlyUsd } from '../../../lib/prices.ts';
import { idleRows, optionTable } from './idle-costs.ts';
import type { Synthesised } from './synthesise.ts';

/** Sides of a Sentinel-2 tile at 10 m. */
const TILE_PIXELS = 10_980;

/** Of bench/README.md: NDVI of a whole tile to int16, and the file it makes; without overviews, which are a quarter of it, its chunks. */
const MEASURED = { cpuS: 2.8, fileGb: 0.153, chunksGb: 0.115 };

/** Bytes of the red, infrared and classification files of a tile: assumed. */
const TILE_INPUT_GB = 0.25;

/** Share of Fargate's price that is left at best: AWS says up to 70 % off. It moves. */
const SPOT_SHARE = 0.3;

const replaceable: ReadonlySet<string> = new Set(requestPriceNames);

interface Line {
  readonly what: string;
  readonly usd: number;
  readonly because: string;
}

const money = (usd: number): string => (usd >= 0.095 ? usd.toFixed(2) : usd.toPrecision(2));

/** What the processing of a number of tiles comes to, by the same function that makes the manifests. */
function work(tiles: number, chunks: number) {
  const fit = Math.floor(maxChunks / chunks);
  let [requests, children, seconds, longestS] = [0, 0, 0, 0];
  for (let left = tiles; left > 0; left -= fit) {
    const mine = Math.min(left, fit);
    const todo = mine * chunks;
    const inputBytes = mine * TILE_INPUT_GB * 1e9;
    const all = Array.from({ length: todo }, (_, i) => i);
    const plan = {
      chunks: all,
      perChild: chunksPerChild({ todo, chunksTotal: todo, inputBytes, try: 'first' }),
    };
    requests += 1;
    for (let child = 0; child < childCount(plan); child++) {
      const takesS = chunksOfChild(plan, child).length * chunkSeconds(inputBytes / todo);
      children += 1;
      seconds += Math.max(TASK_LEAST_S, takesS);
      longestS = Math.max(longestS, takesS);
    }
  }
  return { requests, children, seconds: Math.round(seconds), longestS: Math.round(longestS) };
}

/** `docs/cost.md`, from the templates of dev and the prices. */
export function costPage(dev: Synthesised): string {
  const rows = idleRows(dev);
  const paid = rows.filter(({ usd }) => usd > 0).sort((a, b) => b.usd - a.usd);
  const nothing = rows.filter(({ usd }) => usd === 0);
  const total = paid.reduce((sum, { usd }) => sum + usd, 0);
  const chunks = Math.ceil(TILE_PIXELS / chunkSize) ** 2;
  const perRequest = Math.floor(maxChunks / chunks);
  const one = work(1, chunks);
  const many = work(1000, chunks);
  return `# What it costs

List prices of us-west-2 in USD without tax; the last section lists them, with the month and AWS's page of each. They were written down by hand and not fetched: check those that matter
to you. Counts of calls, seconds and bytes read are assumptions, rounded up; numbers of resources, tasks and chunks are not. Made from the synthesised templates of dev with its default configuration; a test fails when a
stack has a type of resource that this page does not explain. What your account pays differs: look at the budget and at Cost Explorer after a week.

## While nothing happens

**${allowed(paid).toFixed(2)} USD a month** after the allowances that AWS gives every account for good (metrics of ten alarms, three dashboards of 50 metrics, a million calls of SQS,
400,000 GB-s of Lambda), if nothing else in the account uses them; **${total.toFixed(2)} USD** at list price without any allowance.

| resources | USD a month | arithmetic |
|---|---:|---|
${paid.map(({ type, usd, because }) => `| \`${type}\` | ${money(usd)} | ${because} |`).join('\n')}

These bill nothing while idle:

| resources | why |
|---|---|
${nothing.map(({ type, because }) => `| \`${type}\` | ${because} |`).join('\n')}

Options that bill while idle, which synthesis says when they are chosen:

| resource | option and price |
|---|---|
| \`AWS::EC2::VPCEndpoint\` | \`network.mode: isolated\`: three interface endpoints in two zones, ${isolatedMonthlyUsd(3, 2)} USD a month, and ${prices.endpointGb} USD per GB |
${Object.entries(optionTable)
  .map(([type, text]) => `| \`${type}\` | ${text} |`)
  .join('\n')}

What is left is there for a reason: an alarm on the age and one on the dead letters of every queue, so that nothing stands still unseen; one dashboard; long polls, which Lambda makes five
at once for each queue, whatever is configured. The one alarm that needs a metric of every function is in prod only. Fewer alarms cost less: with the observability stack left out
(\`npx cdk deploy\` with the names of the others) the API, the jobs and the tables work as before.

## One Sentinel-2 tile

NDVI of one scene, ${TILE_PIXELS} x ${TILE_PIXELS} pixels, int16, from Earth Search's public files in the same region: ${chunks} chunks of ${chunkSize} x ${chunkSize}. **A task of Fargate is billed for a minute at
least**, and a chunk is worth ${((MEASURED.cpuS / chunks) * 1000).toFixed(0)} ms of CPU (${MEASURED.cpuS} s a tile, \`bench/README.md\`) and some reading: so a child of the process job makes a run of them, one to three minutes of work. Of
a tile that is ${one.children === 1 ? 'one child' : `${one.children} children`}, ${one.longestS} s at the ${chunkSeconds((TILE_INPUT_GB * 1e9) / chunks).toFixed(2)} s a chunk that the plan expects (${TILE_INPUT_GB} GB read at ${CHILD_BYTES_PER_S / 1e6} MB/s, and ${CHUNK_S} s a chunk: assumed, and slow on purpose).

${table(linesOf(1, chunks))}

On Spot, where jobs go first, Fargate is up to ${Math.round((1 - SPOT_SHARE) * 100)} % cheaper: ${money(spot(linesOf(1, chunks)))} USD at best. With a child for each chunk the tile would be ${money(eachAlone(chunks))} USD of minimums for processing alone. On one machine
(\`npx swath run\`) the same tile is ${MEASURED.cpuS} s of one's own CPU.

## A thousand tiles

A request has ${maxChunks.toLocaleString('en')} chunks at most, so it holds ${perRequest} such tiles, and a thousand are ${Math.ceil(1000 / perRequest)} requests, of ${Math.round(many.children / many.requests)} children on average.

${table(linesOf(1000, chunks))}

On Spot ${money(spot(linesOf(1000, chunks)))} USD at best. Kept for a month, the results are ${money(1000 * MEASURED.fileGb * prices.s3GbMonth)} USD of S3; fetched once to outside AWS, ${money(1000 * MEASURED.fileGb * prices.transferOutGb)} USD of transfer. From another
region, each GB read from us-west-2 is ${prices.transferRegionGb} USD more. Requester-pays sources (usgs-landsat) add ${prices.s3GetThousand} USD per 1,000 reads.

## The price of your requests

The same function prices every request when it has ended, from what it used (\`packages/requests/src/cost\`): column \`price_usd\` of the SQL table
\`usage\` with its lines in \`price_lines\`, views \`cost_per_project_and_day\`, \`cost_per_user_and_day\`, \`cost_per_label_and_day\`, \`npx swath usage\` and
\`GET /usage\`. It is an estimate of what the request adds to the bill, not a part of the bill:

| | |
|---|---|
| measured | how many containers ran, the seconds their work took, bytes of chunks and results, bytes read; these cost something only when \`prices.imagery\` is \`other-region\` |
| assumed | calls of S3, table, functions and queues, per attempt, chunk and result, as in the tables above; a quarter of them for an attempt without jobs; a minute for a job that was submitted and left nothing |
| left out | what bills while nothing happens, tries that a Spot machine took away, the start of a container (10 to 30 s), copies of providers' files, pictures and downloads, queries of Athena, tax, free allowances |

Containers are at Fargate's on-demand price, as if none ran on Spot, and jobs on EC2 (\`compute.onSharedFiles\`) as if they ran on Fargate; results are for a month
at most, or for the days they are kept. So the bill is lower where Spot has room and the account's allowances reach, and higher by what is left out. Over a month,
divide what Cost Explorer says of the tag \`cost-centre\`, less the idle cost, by the sum of \`price_usd\`: with a factor of 1 so far, that is your \`prices.factor\`.

[\`prices\`](configuration.md) in a stage's configuration has that factor (also for another region), prices of your own by the names below, the share of Fargate's price that
your jobs pay on Spot, and where imagery lies. \`price_version\` of a row says what it was reckoned with: the month of the list, and with prices of your own 8 characters
that stand for them; \`price_lines\` has amounts and USD of each line, so that an old row stays explainable. Prices that change leave old rows as they are.
On a machine of your own nothing is billed: there the price says what the request would have been at list price, its containers as fast as your machine.

## Prices

One table of the code (\`packages/core/src/price-table.ts\`), which this page, what synthesis says and the price of a request are made of. Names in code may be
replaced by \`prices.usd\`.

| USD | for one | | page | as of |
|---:|---|---|---|---|
${Object.entries(priceTable)
  .map(
    ([name, { usd, per, source, seen }]) =>
      `| ${usd} | ${per} | ${replaceable.has(name) ? `\`${name}\`` : ''} | [${source}](https://aws.amazon.com/${source}) | ${seen} |`,
  )
  .join('\n')}
`;
}

/** After what every account has free for good. */
function allowed(rows: readonly { readonly type: string; readonly usd: number }[]): number {
  const allowance: Readonly<Record<string, number>> = {
    'AWS::CloudWatch::Alarm': 10 * prices.alarmMetricMonth,
    'AWS::CloudWatch::Dashboard': 3 * prices.dashboardMonth,
    'AWS::Lambda::EventSourceMapping': prices.sqsMillion,
    'AWS::Lambda::Function': 400_000 * prices.lambdaGbSecondArm,
  };
  return rows.reduce((sum, { type, usd }) => sum + Math.max(0, usd - (allowance[type] ?? 0)), 0);
}

const taskHour = (size: { readonly vcpu: number; readonly memoryGiB: number }): number =>
  size.vcpu * prices.fargateArmVcpuHour + size.memoryGiB * prices.fargateArmGbHour;

/** A task for each chunk, each at the minimum. */
const eachAlone = (chunks: number): number =>
  chunks * (TASK_LEAST_S / 3600) * taskHour(configOf('dev', {}).compute.process);

/** What the same function says that prices every request: `estimateCost`, from what is planned instead of what was used. */
function linesOf(tiles: number, chunks: number): readonly Line[] {
  const { compute, retention } = configOf('dev', {});
  const { requests, children, seconds } = work(tiles, chunks);
  const n = (value: number) => value.toLocaleString('en');
  // Publishing assembles what was computed: one tile is some seconds, so that many tiles outlast the minute.
  const publishS = billedSeconds(requests, tiles * 6);
  const size = ({ vcpu, memoryGiB }: { vcpu: number; memoryGiB: number }) => `${vcpu} vCPU, ${memoryGiB} GiB`;
  const acquireS = billedSeconds(requests, 0);
  const tasks = children + 2 * requests;
  const taskS = seconds + publishS + acquireS;
  const { lines } = estimateCost(
    {
      attempts: { withJobs: requests, withoutJobs: 0 },
      tasks: {
        acquire: { count: requests, seconds: acquireS },
        process: { count: children, seconds },
        publish: { count: requests, seconds: publishS },
      },
      chunks: tiles * chunks,
      products: tiles,
      inputBytes: tiles * TILE_INPUT_GB * 1e9,
      chunkBytes: tiles * MEASURED.chunksGb * 1e9,
      outputBytes: tiles * MEASURED.fileGb * 1e9,
      retentionDays: 31,
    },
    listRates,
  );
  const line = (name: CostLineName, what: string, because: string): Line => ({
    what,
    usd: lines[name].nanoUsd / NANO,
    because,
  });
  const amount = (name: CostLineName, unit: string) => n(lines[name].amounts[unit] ?? Number.NaN);
  return [
    line(
      'process',
      'Fargate, process',
      `${n(children)} ${children === 1 ? 'task' : 'tasks'} (${size(compute.process)}), ${n(seconds)} s in all x ${taskHour(compute.process).toFixed(5)} an hour`,
    ),
    line('publish', 'Fargate, publish', `${n(publishS)} s (${size(compute.publish)})`),
    line('acquire', 'Fargate, acquire', `${n(requests)} x ${TASK_LEAST_S} s (${size(compute.acquire)})`),
    line(
      'disk',
      'Disk of tasks',
      `${n(tasks)} tasks, ${n(taskS)} s x ${compute.diskGiB - FREE_DISK_GIB} GB above the ${FREE_DISK_GIB} that are free`,
    ),
    line('addresses', 'Public addresses', `${n(taskS)} s x ${prices.publicIpHour} an hour`),
    line(
      's3Calls',
      'S3 calls',
      `${amount('s3Calls', 'puts')} writes, ${amount('s3Calls', 'gets')} reads; reads of public imagery bill its owner`,
    ),
    line(
      'table',
      'Table',
      `${amount('table', 'writes')} rows written in transactions (two units each), ${amount('table', 'reads')} read`,
    ),
    line('functions', 'Functions', `${amount('functions', 'calls')} calls x 0.5 s x 1 GB`),
    line(
      'messages',
      'Messages, events, API calls',
      `${amount('messages', 'messages')}, ${amount('messages', 'events')}, ${amount('messages', 'apiCalls')}`,
    ),
    line('logs', 'Logs', `2 kB a task, 0.1 MB a request x ${prices.logGb} per GB`),
    line('results', 'Result, first month', `${n(tiles)} x ${MEASURED.fileGb} GB x ${prices.s3GbMonth}`),
    line(
      'chunks',
      'Chunks, until they are removed',
      `${n(tiles)} x ${MEASURED.chunksGb} GB for ${retention.workDays} days (\`retention.workDays\`)`,
    ),
  ];
}

const sum = (lines: readonly Line[]): number => lines.reduce((total, { usd }) => total + usd, 0);
const spot = (lines: readonly Line[]): number =>
  lines.reduce((total, { what, usd }) => total + usd * (what.startsWith('Fargate') ? SPOT_SHARE : 1), 0);

function table(lines: readonly Line[]): string {
  return `| | USD | arithmetic |
|---|---:|---|
${lines.map(({ what, usd, because }) => `| ${what} | ${money(usd)} | ${because} |`).join('\n')}
| **together** | **${money(sum(lines))}** | |`;
}
