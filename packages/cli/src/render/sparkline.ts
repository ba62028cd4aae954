const bars = '▁▂▃▄▅▆▇█';

/** One character a value, lowest to highest; a gap where there is none. All equal values are drawn half high. */
export function sparkline(values: readonly (number | null)[]): string {
  const known = values.filter((v) => v !== null);
  const low = Math.min(...known);
  const span = Math.max(...known) - low;
  return values
    .map((v) => {
      if (v === null) return ' ';
      const share = span === 0 ? 0.5 : (v - low) / span;
      return bars[Math.min(bars.length - 1, Math.floor(share * bars.length))];
    })
    .join('');
}
