import { requestsTable, resultsTable } from '@swath/analytics';
import { newestByRequest } from '@swath/analytics/compact/newest';
import type { Row } from '@swath/ports';
import { canBeginAttempt, canMove, type RequestState, requestStates } from '@swath/requests';
import type { Simulated } from './simulation.ts';
import type { Violation } from './watch-heads.ts';

const state = (value: unknown): RequestState | undefined => requestStates.find((one) => one === value);

/** Everything that must hold when the faults have ended and the sweep has run. @returns what does not. */
export async function violationsOf(simulated: Simulated): Promise<Violation[]> {
  const { world, acknowledged, violations } = simulated;
  const rows = world.table.rows();
  const heads = rows.filter((row) => row.pk.startsWith('REQ#') && row.sk === 'HEAD');
  const byId = new Map(heads.map((head) => [String(head['id']), head]));
  return [
    ...violations,
    ...acknowledged.filter(({ id }) => !byId.has(id)).map(({ id }) => `${id}: acknowledged and forgotten`),
    ...repeatedKeys(simulated),
    ...heads.flatMap(ended),
    ...heads.flatMap((head) => historyOf(head, rows)),
    ...(await Promise.all(heads.map((head) => resultsOf(simulated, head, rows)))).flat(),
    ...singleFlight(heads),
    ...budgets(rows, heads),
    ...leftovers(rows),
    ...jobsPerName(simulated),
    ...recordedEnds(simulated, heads),
    ...(await recordedRows(simulated, heads)),
  ];
}

function repeatedKeys({ acknowledged }: Simulated): Violation[] {
  const ids = new Map<string, string>();
  return acknowledged.flatMap(({ project, key, id }) => {
    const first = ids.get(`${project} ${key}`) ?? id;
    ids.set(`${project} ${key}`, first);
    return first === id ? [] : [`${project} ${key}: two requests for one Idempotency-Key`];
  });
}

/** Chaos is shorter than a day, so nothing has a reason to run into its deadline. */
function ended(head: Row): Violation[] {
  const failure = head['failure'];
  const reason =
    typeof failure === 'object' && failure !== null && 'reason' in failure ? failure.reason : null;
  if (head['deadlineAt'] !== null) return [`${head['id']}: still ${head['state']}`];
  if (head['state'] === 'expired' || reason === 'DEADLINE_EXCEEDED')
    return [`${head['id']}: ran into its deadline`];
  return reason === 'INTERNAL_ERROR' ? [`${head['id']}: failed by a bug: ${JSON.stringify(failure)}`] : [];
}

/** The events are numbered without a gap, their states are a path of the table, and the head is where they end. */
function historyOf(head: Row, rows: readonly Row[]): Violation[] {
  const events = rows.filter((row) => row.pk === head.pk && row.sk.startsWith('EV#'));
  const found: Violation[] = [];
  let at: RequestState | undefined;
  let attempt = 1;
  for (const [i, event] of events.entries()) {
    if (event['sequence'] !== i + 1) found.push(`${head['id']}: event ${i + 1} is missing`);
    if (event['kind'] !== 'transition') continue;
    const from = state(event['from']);
    const to = state(event['to']);
    const next = Number(event['attempt']);
    const legal =
      from === undefined || to === undefined
        ? at === undefined && to === 'accepted'
        : next === attempt
          ? canMove(from, to)
          : next === attempt + 1 &&
            to === 'accepted' &&
            (canBeginAttempt(from, 'machine') || canBeginAttempt(from, 'user'));
    if (from !== at || !legal)
      found.push(`${head['id']}: ${at} (${attempt}), then ${from} -> ${to} (${next})`);
    at = to;
    attempt = next;
  }
  if (at !== head['state']) found.push(`${head['id']}: events end in ${at}, the head is ${head['state']}`);
  return found;
}

async function resultsOf({ world }: Simulated, head: Row, rows: readonly Row[]): Promise<Violation[]> {
  if (head['state'] !== 'succeeded' && head['state'] !== 'partial') return [];
  const results = rows.filter((row) => row.pk === `KEY#${head['resultKey']}` && row.sk.startsWith('R#'));
  if (results.length === 0) return [`${head['id']}: ${head['state']} without results`];
  const found: Violation[] = [];
  for (const row of results) {
    const { assets, sha256, failedChunks } = JSON.parse(String(row['json']));
    if ((await world.results.head(assets.cog))?.sha256 !== sha256)
      found.push(`${assets.cog} is not what was said`);
    if (head['state'] === 'succeeded' && failedChunks.length > 0)
      found.push(`${head['id']}: succeeded with holes`);
  }
  return found;
}

/** Of all requests with the same complete results, one made them. */
function singleFlight(heads: readonly Row[]): Violation[] {
  const makers = new Map<unknown, number>();
  for (const head of heads) {
    if (head['state'] !== 'succeeded') continue;
    makers.set(head['resultKey'], (makers.get(head['resultKey']) ?? 0) + (head['reused'] === true ? 0 : 1));
  }
  return [...makers].filter(([, count]) => count !== 1).map(([key, count]) => `${key}: made ${count} times`);
}

/** Nothing is held any more; the ledger sums to the head; each hold was settled once. */
function budgets(rows: readonly Row[], heads: readonly Row[]): Violation[] {
  const found: Violation[] = [];
  for (const project of new Set(heads.map((head) => String(head['project'])))) {
    const mine = rows.filter((row) => row.pk === `BUD#${project}`);
    const budget = mine.find((row) => row.sk === 'HEAD');
    const ledger = mine.filter((row) => row.sk.startsWith('L#'));
    const sum = (name: string) => ledger.reduce((total, row) => total + Number(row[name]), 0);
    if (budget?.['heldUnits'] !== 0) found.push(`${project}: ${budget?.['heldUnits']} units are still held`);
    if (sum('heldUnits') !== 0) found.push(`${project}: the ledger holds ${sum('heldUnits')}`);
    if (sum('spentUnits') !== budget?.['spentUnits']) found.push(`${project}: ledger and budget differ`);
  }
  return found;
}

function leftovers(rows: readonly Row[]): Violation[] {
  return rows
    .filter((row) => row.duePk !== undefined || row.pk.startsWith('OBX#') || row.sk.startsWith('F#'))
    .map((row) => `${row.pk} ${row.sk} is left over`);
}

function jobsPerName({ world }: Simulated): Violation[] {
  const ids = new Map<string, string>();
  return world.jobs.events.flatMap(({ jobName, jobId }) => {
    const first = ids.get(jobName) ?? jobId;
    ids.set(jobName, first);
    return first === jobId ? [] : [`two jobs are called ${jobName}`];
  });
}

/** Those who keep records were told how each request ended. */
function recordedEnds({ recorded }: Simulated, heads: readonly Row[]): Violation[] {
  return heads.flatMap((head) => {
    const state = recorded.get(String(head['id']))?.request.state;
    return state === head['state'] ? [] : [`${head['id']}: ${head['state']}, on record as ${state}`];
  });
}

/** What the tables show of each request, and of each output, is one row, of how it ended. */
async function recordedRows({ analytics }: Simulated, heads: readonly Row[]): Promise<Violation[]> {
  if (analytics === undefined) return [];
  const requests = await newestByRequest(requestsTable, analytics);
  const results = await newestByRequest(resultsTable, analytics);
  const found: Violation[] = [];
  for (const head of heads) {
    const id = String(head['id']);
    const rows = requests.get(id) ?? [];
    if (rows.length !== 1) found.push(`${id}: ${rows.length} rows in requests`);
    if (rows[0]?.['state'] !== head['state']) found.push(`${id}: recorded as ${rows[0]?.['state']}`);
    if (head['state'] !== 'succeeded' && head['state'] !== 'partial') continue;
    const labels = (results.get(id) ?? []).map((row) => String(row['product']));
    const products = Number(head['products']);
    if (labels.length !== products || new Set(labels).size !== products)
      found.push(`${id}: ${products} products, in results ${labels.join(', ')}`);
  }
  if (requests.size !== heads.length) found.push(`${requests.size} of ${heads.length} requests are recorded`);
  return found;
}
