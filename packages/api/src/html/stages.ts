import type { RequestState } from '@swath/requests';
import { type Html, html } from './escape.ts';

const stages: readonly { readonly state: RequestState; readonly label: string }[] = [
  { state: 'accepted', label: 'Accepted' },
  { state: 'ordering', label: 'Ordering' },
  { state: 'acquiring', label: 'Acquiring' },
  { state: 'processing', label: 'Processing' },
  { state: 'publishing', label: 'Publishing' },
];

const endings: Readonly<Partial<Record<RequestState, string>>> = {
  partial: 'Partly done',
  failed: 'Failed',
  cancelled: 'Cancelled',
  cancelling: 'Cancelling',
  expired: 'Expired',
};

/**
 * The stages as a strip. `reached` is the furthest stage the events tell of: a request that waits or failed keeps the
 * place where it stopped.
 */
export function stageStrip(state: RequestState, reached: RequestState | null): Html {
  const done = state === 'succeeded' || state === 'partial';
  const at = done
    ? stages.length
    : Math.max(
        0,
        stages.findIndex((s) => s.state === (reached ?? state)),
      );
  const stopped = endings[state] !== undefined && !done;
  return html`<ol class="strip" aria-label="Stages">${stages.map(({ label }, i) => {
    const current = i === at;
    const kind = i < at ? 'done' : !current ? '' : stopped ? 'stop' : 'now';
    const text = current && stopped ? `${label} · ${endings[state] ?? ''}` : label;
    return html`<li class="${kind}"${current ? html` aria-current="step"` : null}>${text}</li>`;
  })}<li class="${done ? 'done' : ''}">${done ? (endings[state] ?? 'Succeeded') : 'Results'}</li></ol>`;
}

/** Furthest stage named by transitions of the latest attempt. */
export function reachedStage(
  events: readonly { readonly attempt: number; readonly kind: string; readonly to: RequestState | null }[],
  attempt: number,
): RequestState | null {
  let best = -1;
  for (const event of events) {
    if (event.attempt !== attempt || event.kind === 'stale') continue;
    best = Math.max(
      best,
      stages.findIndex((s) => s.state === event.to),
    );
  }
  return stages[best]?.state ?? null;
}
