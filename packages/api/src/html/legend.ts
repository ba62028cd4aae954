import type { RequestView } from '@swath/requests';
import { type Html, html } from './escape.ts';

/** What the colours of the pictures mean. */
export function legendOf(request: RequestView): Html | null {
  const band = Object.keys(request.results[0]?.statistics ?? {})[0];
  if (band === undefined) return null;
  return html`<p class="legend">${band}</p>`;
}
