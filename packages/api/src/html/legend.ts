import { isSwathError } from '@swath/core';
import { pictureStyle } from '@swath/products/publish/picture-style';
import { legendOf } from '@swath/raster/picture/legend';
import type { RequestView } from '@swath/requests';
import { type Html, html } from './escape.ts';

const WIDTH = 320;
const BAR = 12;
const HEIGHT = 32;

/** Undefined where the index of an old request has left the catalogue since: its page still has to open. */
function styleOf(request: RequestView): ReturnType<typeof pictureStyle> | undefined {
  try {
    return pictureStyle(request.spec);
  } catch (error) {
    if (isSwathError(error, 'InvalidInput')) return undefined;
    throw error;
  }
}

/** What the colours of the pictures mean: a bar with values, where all pictures of the request share one range. */
export function legend(request: RequestView): Html | null {
  const bands = Object.keys(request.results[0]?.statistics ?? {});
  if (bands.length !== 1) return null;
  const style = styleOf(request);
  if (style === undefined) return null;
  const { ramp, range } = style;
  if (ramp === undefined || range === undefined) {
    return html`<p class="small soft">Each picture is stretched over its own values, dark to bright.</p>`;
  }
  const { colours, ticks } = legendOf(ramp, range);
  const x = (position: number) => (position * WIDTH).toFixed(1);
  const anchor = (position: number) => (position < 0.05 ? 'start' : position > 0.95 ? 'end' : 'middle');
  return html`<svg class="legend" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Colours of ${bands[0]} from ${range.min} to ${range.max}">
<defs><linearGradient id="ramp">${colours.map((c, i) => html`<stop offset="${(i / (colours.length - 1)).toFixed(3)}" stop-color="${c}"/>`)}</linearGradient></defs>
<rect width="${WIDTH}" height="${BAR}" rx="3" fill="url(#ramp)"/>${ticks.map(
    (t) =>
      html`<text x="${x(t.position)}" y="${HEIGHT - 4}" text-anchor="${anchor(t.position)}">${t.label}</text>`,
  )}</svg>`;
}
