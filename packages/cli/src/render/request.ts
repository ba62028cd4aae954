import type { Plan, Request, Scenes } from '../client.ts';
import { type Colors, plain } from '../terminal.ts';
import { table } from './table.ts';
import { bytes, moment, percent, plural } from './words.ts';

export function pipelineTitle(spec: Request['spec']): string {
  const { pipeline } = spec;
  if ('index' in pipeline) return pipeline.index;
  return 'expression' in pipeline ? pipeline.expression : pipeline.bands.join(', ');
}

export function stateText(state: string, colors: Colors): string {
  if (state === 'succeeded') return colors.green(state);
  if (state === 'failed' || state === 'expired') return colors.red(state);
  return state === 'partial' || state === 'waiting' || state.startsWith('cancel')
    ? colors.yellow(state)
    : state;
}

export function failureText(failure: NonNullable<Request['failure']>, colors: Colors): string {
  return [
    `${colors.red(failure.reason)}: ${plain(failure.message)}`,
    `${colors.bold('what to do')}: ${plain(failure.fix)}`,
  ].join('\n');
}

export function requestsTable(requests: readonly Request[], colors: Colors): string {
  if (requests.length === 0) return 'No requests.';
  return table(
    [
      { head: 'id' },
      { head: 'state' },
      { head: 'what' },
      { head: 'results', align: 'right' },
      { head: 'asked for (UTC)' },
    ],
    requests.map((r) => [
      r.id,
      stateText(r.state, colors),
      plain(r.name ?? pipelineTitle(r.spec)),
      String(r.results.length),
      moment(r.createdAt),
    ]),
    colors,
  );
}

/** One request in a few lines; its results are a table of their own. */
export function requestText(request: Request, colors: Colors): string {
  const { progress } = request;
  const waiting = request.waitingReason === null ? '' : ` (${request.waitingReason})`;
  const rows: (readonly [string, string])[] = [
    ['request', request.id],
    ['state', `${stateText(request.state, colors)}${waiting}${request.reused ? ', was there already' : ''}`],
    ['what', plain(request.name ?? pipelineTitle(request.spec))],
    ['dates', plain(request.spec.datetime ?? 'any')],
    ['chunks', `${progress.chunksDone} of ${progress.chunksTotal ?? '?'}`],
    ['attempt', String(request.attempt)],
    ['asked for', `${moment(request.createdAt)} UTC`],
  ];
  const text = rows.map(([k, v]) => `${colors.dim(k.padEnd(10))} ${v}`).join('\n');
  return request.failure === null ? text : `${text}\n\n${failureText(request.failure, colors)}`;
}

/** @param plan answer of POST /requests/plan */
export function planText({ plan, scenes, skipped, available }: Plan, colors: Colors): string {
  const list = table(
    [{ head: 'scene' }, { head: 'date (UTC)' }, { head: 'cloud %', align: 'right' }],
    scenes.map((s) => [plain(s.id), moment(s.datetime), percent(s.cloudCoverPercent)]),
    colors,
  );
  const grid = plan.products[0]?.work.grid;
  const size = grid === undefined ? '' : `, ${grid.width} x ${grid.height} pixels in ${grid.crs}`;
  return [
    list,
    '',
    `${plural(scenes.length, 'scene')}, ${plural(plan.products.length, 'product')}, ${plural(plan.chunks.length, 'chunk')}${size}`,
    `reads about ${bytes(plan.estimate.inputBytes)}, writes about ${bytes(plan.estimate.outputBytes)}`,
    ...(available ? [colors.green('The results exist already: submitting answers at once.')] : []),
    ...skipped.map((s) => colors.yellow(`skipped ${plain(s.id)}: ${plain(s.reason)}`)),
    ...plan.warnings.map((w) => colors.yellow(`warning: ${plain(w)}`)),
  ].join('\n');
}

export function scenesText(scenes: Scenes, colors: Colors): string {
  const list =
    scenes.features.length === 0
      ? 'No scenes.'
      : table(
          [
            { head: 'date (UTC)' },
            { head: 'cloud %', align: 'right' },
            { head: 'collection' },
            { head: 'scene' },
          ],
          scenes.features.map((f) => [
            moment(f.properties.datetime),
            percent(f.properties['eo:cloud_cover']),
            plain(f.collection),
            plain(f.id),
          ]),
          colors,
        );
  return [
    list,
    ...(scenes.truncated ? [colors.yellow('There are more: raise --limit.')] : []),
    ...scenes.skipped.map((s) => colors.yellow(`skipped ${plain(s.id)}: ${plain(s.reason)}`)),
  ].join('\n');
}
