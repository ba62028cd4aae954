import { SwathError } from '@swath/core';
import { TERMINAL_COLUMNS_MAX } from './limits.ts';

type Colour = readonly [red: number, green: number, blue: number];

/** Mean colour of the opaque pixels of a box, or null when most of it is transparent. */
function boxColour(
  rgba: Uint8Array,
  stride: number,
  box: { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number },
): Colour | null {
  const sums = [0, 0, 0];
  let opaque = 0;
  let all = 0;
  for (let y = box.top; y < box.bottom; y++) {
    for (let x = box.left; x < box.right; x++) {
      all++;
      const at = (y * stride + x) * 4;
      if (rgba[at + 3]! < 128) continue;
      opaque++;
      for (let band = 0; band < 3; band++) sums[band] = sums[band]! + rgba[at + band]!;
    }
  }
  if (opaque * 2 <= all) return null;
  const mean = (band: number) => Math.round(sums[band]! / opaque);
  return [mean(0), mean(1), mean(2)];
}

const foreground = ([r, g, b]: Colour) => `\u001b[38;2;${r};${g};${b}m`;
const background = ([r, g, b]: Colour) => `\u001b[48;2;${r};${g};${b}m`;
const RESET = '\u001b[0m';

/** One character of two pixels, one above the other. The terminal's own background shows through transparent ones. */
function halfBlock(upper: Colour | null, lower: Colour | null): string {
  if (upper !== null && lower !== null) return `${foreground(upper)}${background(lower)}\u2580${RESET}`;
  if (upper !== null) return `${foreground(upper)}\u2580${RESET}`;
  if (lower !== null) return `${foreground(lower)}\u2584${RESET}`;
  return ' ';
}

/**
 * A picture for terminals with 24-bit colour: half blocks, two pixels a character, at most `columns` wide, lines end
 * with a newline. A smaller picture is not enlarged.
 * @throws SwathError InvalidInput when columns is not a whole number from 1 to 500.
 */
export function terminalPicture(rgba: Uint8Array, width: number, height: number, columns: number): string {
  if (!Number.isInteger(columns) || columns < 1 || columns > TERMINAL_COLUMNS_MAX) {
    throw new SwathError('InvalidInput', `${columns} columns are not 1 to ${TERMINAL_COLUMNS_MAX}.`);
  }
  if (rgba.length !== width * height * 4) {
    throw new SwathError('Bug', `${rgba.length} bytes are not ${width} x ${height} RGBA pixels`);
  }
  const across = Math.min(columns, width);
  const down = Math.max(1, Math.round((height * across) / width));
  const colour = (column: number, row: number) =>
    row >= down
      ? null
      : boxColour(rgba, width, {
          left: Math.floor((column * width) / across),
          right: Math.floor(((column + 1) * width) / across),
          top: Math.floor((row * height) / down),
          bottom: Math.max(Math.floor((row * height) / down) + 1, Math.floor(((row + 1) * height) / down)),
        });
  let text = '';
  for (let row = 0; row < down; row += 2) {
    for (let column = 0; column < across; column++) {
      text += halfBlock(colour(column, row), colour(column, row + 1));
    }
    text += '\n';
  }
  return text;
}
