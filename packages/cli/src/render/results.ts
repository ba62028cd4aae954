import type { Results } from '../client.ts';
import { type Colors, plain } from '../terminal.ts';
import { sparkline } from './sparkline.ts';
import { table } from './table.ts';
import { bytes, decimal, percent } from './words.ts';

export type Product = Results['products'][number];

/** Output band whose mean stands for a product: the first. */
export function mainBand(products: readonly Product[]): string | undefined {
  return Object.keys(products[0]?.statistics ?? {})[0];
}

export function meanOf(product: Product, band: string | undefined): number | null {
  return band === undefined ? null : (product.statistics[band]?.mean ?? null);
}

export function validPercent(product: Product): number | null {
  return product.counts.total === 0 ? null : (100 * product.counts.valid) / product.counts.total;
}

/** Table of dates: date, mean, cloud share, valid share, size. */
export function datesTable(products: readonly Product[], colors: Colors): string {
  const band = mainBand(products);
  return table(
    [
      { head: 'date' },
      { head: `mean ${band ?? ''}`.trim(), align: 'right' },
      { head: 'cloud %', align: 'right' },
      { head: 'valid %', align: 'right' },
      { head: 'size', align: 'right' },
    ],
    products.map((p) => [
      plain(p.label),
      decimal(meanOf(p, band)),
      percent(p.cloudPercent),
      percent(validPercent(p)),
      bytes(p.sizeBytes),
    ]),
    colors,
  );
}

/** `ndvi ▁▃█▅ 0.310 to 0.720`; empty with fewer than two values. */
export function trendLine(products: readonly Product[]): string {
  const band = mainBand(products);
  const means = products.map((p) => meanOf(p, band));
  const known = means.filter((v) => v !== null);
  if (known.length < 2) return '';
  return `${plain(band ?? '')} ${sparkline(means)}  ${decimal(Math.min(...known))} to ${decimal(Math.max(...known))}`;
}

/** The product worth showing first: most valid pixels, then the highest mean. */
export function bestProduct(products: readonly Product[]): Product | undefined {
  const band = mainBand(products);
  return [...products].sort(
    (a, b) =>
      (validPercent(b) ?? 0) - (validPercent(a) ?? 0) || (meanOf(b, band) ?? 0) - (meanOf(a, band) ?? 0),
  )[0];
}

/** Everything about the results of a request, without a newline at the end. */
export function resultsText(results: Results, colors: Colors): string {
  if (results.products.length === 0) return 'No results yet.';
  const warnings = results.warnings.map((w) => colors.yellow(`warning: ${plain(w)}`));
  const trend = trendLine(results.products);
  return [datesTable(results.products, colors), ...(trend === '' ? [] : ['', trend]), ...warnings].join('\n');
}
