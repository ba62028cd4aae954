import { linearFit } from './fit.ts';

export interface Series {
  readonly name: string;
  readonly colour: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Panel {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly Series[];
}

const WIDTH = 320;
const HEIGHT = 260;
const MARGIN = { left: 52, right: 12, top: 48, bottom: 44 };
const TICKS = 4;

/** Panels side by side: dots as measured, a straight line through each series, both axes from 0. */
export function scatterSvg(panels: readonly Panel[]): string {
  const drawn = panels.map((panel, i) => `<g transform="translate(${i * WIDTH} 0)">${panelSvg(panel)}</g>`);
  const width = WIDTH * panels.length;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${HEIGHT}" width="${width}" height="${HEIGHT}" font-family="sans-serif" font-size="11">`,
    `<title>${escapeXml(panels.map(({ yLabel, xLabel }) => `${yLabel} by ${xLabel}`).join('; '))}</title>`,
    `<rect width="${width}" height="${HEIGHT}" fill="#fff"/>`,
    ...drawn,
    '</svg>',
    '',
  ].join('\n');
}

function panelSvg({ title, xLabel, yLabel, series }: Panel): string {
  const all = series.flatMap(({ points }) => points);
  const xStep = niceStep(Math.max(...all.map(([x]) => x)));
  const yStep = niceStep(Math.max(...all.map(([, y]) => y)));
  const plot = {
    width: WIDTH - MARGIN.left - MARGIN.right,
    height: HEIGHT - MARGIN.top - MARGIN.bottom,
  };
  const px = (x: number) => round(MARGIN.left + (x / (xStep * TICKS)) * plot.width);
  const py = (y: number) => round(MARGIN.top + plot.height - (y / (yStep * TICKS)) * plot.height);
  const parts: string[] = [];
  for (let tick = 0; tick <= TICKS; tick++) {
    const [x, y] = [tick * xStep, tick * yStep];
    parts.push(
      `<path d="M${px(0)} ${py(y)}H${px(xStep * TICKS)}" stroke="#ddd"/>`,
      text(px(0) - 6, py(y) + 4, label(y), 'end'),
      text(px(x), py(0) + 15, label(x), 'middle'),
    );
  }
  for (const { colour, points } of series) {
    const { slope, intercept } = linearFit(points);
    const xs = points.map(([x]) => x);
    const [from, to] = [Math.min(...xs), Math.max(...xs)];
    const at = (x: number) => `${px(x)} ${py(intercept + slope * x)}`;
    parts.push(`<path d="M${at(from)}L${at(to)}" stroke="${colour}" stroke-width="1.5" opacity="0.6"/>`);
    for (const [x, y] of points) parts.push(`<circle cx="${px(x)}" cy="${py(y)}" r="3.5" fill="${colour}"/>`);
  }
  series.forEach(({ name, colour }, i) => {
    const x = MARGIN.left + i * 90;
    parts.push(`<circle cx="${x + 4}" cy="36" r="3.5" fill="${colour}"/>`, text(x + 12, 40, name, 'start'));
  });
  parts.push(
    text(MARGIN.left, 20, title, 'start', 'font-size="13" font-weight="bold"'),
    text(MARGIN.left + plot.width / 2, HEIGHT - 10, xLabel, 'middle'),
    `<g transform="translate(14 ${MARGIN.top + plot.height / 2}) rotate(-90)">${text(0, 0, yLabel, 'middle')}</g>`,
  );
  return parts.join('\n');
}

type Anchor = 'start' | 'middle' | 'end';

function text(x: number, y: number, content: string, anchor: Anchor, more = ''): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" fill="#333" ${more}>${escapeXml(content)}</text>`;
}

/** 1, 2, 2.5 or 5 times a power of ten, so that TICKS of them reach `max`. */
function niceStep(max: number): number {
  const raw = max / TICKS;
  const power = 10 ** Math.floor(Math.log10(raw));
  const factor = [1, 2, 2.5, 5, 10].find((f) => f * power >= raw) ?? 10;
  return factor * power;
}

function label(value: number): string {
  return String(Number(value.toPrecision(6)));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
