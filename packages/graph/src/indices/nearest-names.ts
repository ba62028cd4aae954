/** Two neighbours swapped are the likeliest slip: they count a little less than one edit. */
const SWAP = 0.75;

/** Edits (insert, delete, replace, swap of neighbours) from a to b. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped =
        i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
          ? before[j - 2]! + SWAP
          : Number.POSITIVE_INFINITY;
      next.push(Math.min(replaced, swapped, row[j]! + 1, next[j - 1]! + 1));
    }
    before = row;
    row = next;
  }
  return row[b.length]!;
}

/** Names are at most 64 characters by the request schema; longer ones are not worth comparing. */
const MAX_COMPARED = 64;

/** Up to three names within two edits, or that start with the one given; nearest first, then in the order given. */
export function nearestNames(wrong: string, names: readonly string[]): readonly string[] {
  const asked = wrong.trim().toLowerCase();
  if (asked === '' || asked.length > MAX_COMPARED) return [];
  // Two edits turn any two-letter word into any other.
  const allowed = asked.length <= 3 ? 1 : 2;
  return names
    .map((name) => {
      const known = name.toLowerCase();
      return { name, edits: known.startsWith(asked) ? 0.5 : distance(asked, known) };
    })
    .filter(({ edits }) => edits <= allowed)
    .sort((a, b) => a.edits - b.edits)
    .slice(0, 3)
    .map(({ name }) => name);
}
