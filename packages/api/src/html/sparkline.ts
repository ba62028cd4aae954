import { type Html, html } from './escape.ts';
import { decimal } from './format.ts';

export interface SparkPoint {
  readonly label: string;
  readonly value: number | null;
}

const WIDTH = 640;
const HEIGHT = 150;
const LEFT = 52;
const RIGHT = 16;
const TOP = 14;
const BOTTOM = 30;

/** Mean over dates as a line; dates without a value are gaps, not zeros. */
export function sparkline(points: readonly SparkPoint[], name: string): Html | null {
  const values = points.flatMap((p) => (p.value === null ? [] : [p.value]));
  if (values.length < 2) return null;
  const low = Math.min(...values);
  const high = Math.max(...values);
  const span = high - low || 1;
  const x = (i: number) => LEFT + (i * (WIDTH - LEFT - RIGHT)) / Math.max(1, points.length - 1);
  const y = (v: number) => TOP + ((high - v) / span) * (HEIGHT - TOP - BOTTOM);
  let path = '';
  let pen = 'M';
  points.forEach((p, i) => {
    if (p.value === null) pen = 'M';
    else {
      path += `${pen}${x(i).toFixed(1)} ${y(p.value).toFixed(1)}`;
      pen = 'L';
    }
  });
  const first = points[0]?.label ?? '';
  const last = points.at(-1)?.label ?? '';
  return html`<svg class="spark" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Mean ${name} over dates, from ${decimal(low)} to ${decimal(high)}">
<line class="axis" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(high)}" y2="${y(high)}"/><line class="axis" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(low)}" y2="${y(low)}"/>
<text x="${LEFT - 8}" y="${y(high) + 4}" text-anchor="end">${decimal(high)}</text><text x="${LEFT - 8}" y="${y(low) + 4}" text-anchor="end">${decimal(low)}</text>
<text x="${LEFT}" y="${HEIGHT - 6}">${first}</text><text x="${WIDTH - RIGHT}" y="${HEIGHT - 6}" text-anchor="end">${last}</text>
<path class="line" d="${path}"/>${points.map((p, i) =>
    p.value === null
      ? null
      : html`<circle class="dot" cx="${x(i).toFixed(1)}" cy="${y(p.value).toFixed(1)}" r="3.5"><title>${p.label}: ${decimal(p.value)}</title></circle>`,
  )}
</svg>`;
}
