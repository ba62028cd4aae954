import { SwathError } from '@swath/core';
import { colourAt, hexOf } from './colour.ts';
import type { RampName } from './ramps.ts';
import type { ValueRange } from './render.ts';

export interface LegendTick {
  readonly value: number;
  /** Share of the bar, 0 = min, 1 = max. */
  readonly position: number;
  readonly label: string;
}

export interface Legend {
  readonly ramp: RampName;
  readonly range: ValueRange;
  /** `#rrggbb`, evenly spaced from min to max: enough for a smooth CSS gradient. */
  readonly colours: readonly string[];
  readonly ticks: readonly LegendTick[];
}

/** Straight lines between 33 colours differ from the ramp by less than an 8-bit step shows. */
const LEGEND_COLOURS = 33;
const TICKS_WANTED = 5;

/** Steps of 1, 2 or 5 times a power of ten, the largest that gives at least `wanted` - 1 intervals. */
function tickStep(span: number, wanted: number): number {
  const rough = span / (wanted - 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [5, 2, 1].find((candidate) => candidate * power <= rough * (1 + 1e-9)) ?? 1;
  return factor * power;
}

function ticksOf({ min, max }: ValueRange): LegendTick[] {
  const step = tickStep(max - min, TICKS_WANTED);
  const decimals = Math.min(100, Math.max(0, -Math.floor(Math.log10(step))));
  const ticks: LegendTick[] = [];
  const last = Math.floor(max / step + 1e-9);
  for (let i = Math.ceil(min / step - 1e-9); i <= last; i++) {
    const value = Number((i * step).toFixed(decimals));
    ticks.push({ value, position: (value - min) / (max - min), label: value.toFixed(decimals) });
  }
  return ticks;
}

/** Ticks and colours of a colour bar. @throws SwathError InvalidInput when the range has no width. */
export function legendOf(ramp: RampName, range: ValueRange): Legend {
  if (!(range.max > range.min) || !Number.isFinite(range.max - range.min)) {
    throw new SwathError('InvalidInput', `A legend from ${range.min} to ${range.max} shows nothing.`, {
      fix: 'Give a range whose max is above its min.',
    });
  }
  const colours = Array.from({ length: LEGEND_COLOURS }, (_, i) =>
    hexOf(colourAt(ramp, i / (LEGEND_COLOURS - 1))),
  );
  return { ramp, range, colours, ticks: ticksOf(range) };
}
