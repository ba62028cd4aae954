import type { Usage } from '../client.ts';
import type { Colors } from '../terminal.ts';
import { type Column, table } from './table.ts';
import { bytes, plural, seconds } from './words.ts';

const columns: readonly Column[] = [
  { head: 'month' },
  ...[
    'requests',
    'done',
    'failed',
    'reused',
    'results',
    'Mpixel',
    'read',
    'written',
    'compute',
    'units',
    'USD',
  ].map((head) => ({ head, align: 'right' as const })),
];

/** A line per month; `done` has those that are partly done, `failed` all that ended without a result. */
export function usageText({ project, budget, months }: Usage, colors: Colors): string {
  const { heldUnits, spentUnits } = budget;
  const end = `Project ${project}: ${plural(spentUnits, 'budget unit')} spent, ${heldUnits} held for open requests.`;
  if (months.length === 0) return `No requests yet. ${end}`;
  const rows = months.map((one) => {
    const { accepted, succeeded, partial, failed, cancelled, expired, reused } = one.requests;
    return [
      colors.bold(one.month),
      String(accepted),
      String(succeeded + partial),
      String(failed + cancelled + expired),
      String(reused),
      String(one.products),
      (one.pixels / 1e6).toFixed(1),
      bytes(one.bytesReadPlanned),
      bytes(one.bytesWritten),
      seconds(one.computeSeconds * 1000),
      String(one.budgetUnits),
      usd(one.estimatedUsd),
    ];
  });
  return `${table(columns, rows, colors)}\n\n${end}\n${priceNote}`;
}

const priceNote =
  'USD: what AWS is expected to bill, an estimate (docs/cost.md); on a machine of your own nothing is billed.';

/** Cents where there are some, else two digits that count. */
const usd = (value: number): string =>
  value >= 0.095 || value === 0 ? value.toFixed(2) : value.toPrecision(2);
