/** Edits (insert, delete, replace) from a to b, any case. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
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
