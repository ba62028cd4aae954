import { finalStates } from '@swath/api/schemas/index';
import type { Event, News, Progress } from '../follow.ts';
import type { Colors } from '../terminal.ts';
import { plain } from '../terminal.ts';
import { plural, seconds } from './words.ts';

/** All that is known of a request that runs; grows by news. */
export interface Seen {
  readonly events: readonly Event[];
  readonly progress: Progress | undefined;
}

export const nothingSeen: Seen = { events: [], progress: undefined };

export function see(seen: Seen, news: News): Seen {
  return news.kind === 'event'
    ? { ...seen, events: [...seen.events, news.event] }
    : { ...seen, progress: news.progress };
}

export const stages = ['accepted', 'ordering', 'acquiring', 'processing', 'publishing'] as const;

export interface StageLine {
  readonly stage: (typeof stages)[number];
  readonly state: 'done' | 'now' | 'stopped' | 'ahead';
  /** Time spent in it, so far for the current one; null when never entered, or skipped. */
  readonly spentMs: number | null;
}

/** Where the latest attempt stands, stage by stage. `nowMs` is Unix time. */
export function stageLines(seen: Seen, nowMs: number): readonly StageLine[] {
  const attempt = seen.progress?.attempt ?? seen.events.at(-1)?.attempt ?? 1;
  const steps = seen.events.filter((e) => e.attempt === attempt && e.kind === 'transition' && e.to !== null);
  const state = seen.progress?.state ?? steps.at(-1)?.to ?? 'accepted';
  const spent = new Map<string, number>();
  let reached = Math.max(0, stages.indexOf(state as (typeof stages)[number]));
  steps.forEach((step, i) => {
    const from = Date.parse(step.time);
    const next = steps[i + 1];
    const until =
      next === undefined ? (finalStates.has(step.to ?? '') ? from : nowMs) : Date.parse(next.time);
    const stage = step.to ?? '';
    spent.set(stage, (spent.get(stage) ?? 0) + Math.max(0, until - from));
    reached = Math.max(reached, stages.indexOf(stage as (typeof stages)[number]));
  });
  const success = state === 'succeeded' || state === 'partial';
  const stopped = finalStates.has(state) && !success;
  return stages.map((stage, i) => ({
    stage,
    state: success || i < reached ? 'done' : i > reached ? 'ahead' : stopped ? 'stopped' : 'now',
    spentMs: spent.get(stage) ?? null,
  }));
}

function note(stage: string, progress: Progress | undefined): string {
  if (progress === undefined) return '';
  const { scenes, products, chunksDone, chunksTotal } = progress.progress;
  if (stage === 'ordering' && scenes !== null) return plural(scenes, 'scene');
  if (stage === 'processing' && chunksTotal !== null)
    return `${chunksDone} of ${plural(chunksTotal, 'chunk')}`;
  return stage === 'publishing' && products !== null ? plural(products, 'product') : '';
}

const BAR = 24;

function bar(progress: Progress | undefined): string {
  const total = progress?.progress.chunksTotal ?? 0;
  if (progress === undefined || total === 0) return '';
  const full = Math.round((BAR * progress.progress.chunksDone) / total);
  return `${'█'.repeat(full)}${'░'.repeat(BAR - full)}`;
}

/** Time left in processing, by the pace of the chunks so far; empty when there is nothing to go by. */
function eta(progress: Progress | undefined, spentMs: number | null): string {
  const total = progress?.progress.chunksTotal ?? 0;
  const done = progress?.progress.chunksDone ?? 0;
  if (spentMs === null || done === 0 || done >= total) return '';
  return `about ${seconds((spentMs / done) * (total - done))} left`;
}

/** The stages as lines for a terminal that can redraw. */
export function progressLines(seen: Seen, nowMs: number, colors: Colors): readonly string[] {
  const { progress } = seen;
  const lines = stageLines(seen, nowMs).map(({ stage, state, spentMs }) => {
    const mark = {
      done: colors.green('✓'),
      now: colors.cyan('●'),
      stopped: colors.red('✗'),
      ahead: colors.dim('·'),
    };
    const name = stage.padEnd(11);
    const time = spentMs === null ? '' : seconds(spentMs);
    const running = state === 'now' && stage === 'processing';
    const text = [
      state === 'ahead' ? colors.dim(name) : name,
      colors.dim(time.padStart(8)),
      state === 'ahead' ? '' : note(stage, progress),
      running ? bar(progress) : '',
      running ? colors.dim(eta(progress, spentMs)) : '',
    ].filter((part) => part !== '');
    return ` ${mark[state]} ${text.join('  ')}`.trimEnd();
  });
  if (progress?.state === 'waiting')
    lines.push(` ${colors.yellow(`waiting: ${progress.waitingReason ?? ''}`)}`);
  return lines;
}

/** The same in one line, for logs. */
export function plainLine(progress: Progress): string {
  const state =
    progress.waitingReason === null ? progress.state : `${progress.state} (${progress.waitingReason})`;
  const extra = note(progress.state, progress);
  const why = progress.failure === null ? '' : plain(progress.failure.message);
  return [state, extra, why].filter((part) => part !== '').join(': ');
}
