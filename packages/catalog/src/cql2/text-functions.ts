/** Text with case folded away. Upper case first, so that `ß` meets `SS`; the two lower-case sigmas are one letter. */
export function casei(text: string): string {
  return text.normalize('NFC').toUpperCase().toLowerCase().replaceAll('ς', 'σ');
}

/** Text without the marks that Unicode can take off a letter: `ș` becomes `s`; `ø` is a letter of its own. */
export function accenti(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').normalize('NFC');
}

/** A LIKE pattern as parts: texts to meet, `%` for any characters, `_` for one. */
type Part = { readonly literal: string } | '%' | '_';

function partsOf(pattern: string): Part[] {
  const parts: Part[] = [];
  const chars = [...pattern];
  for (let at = 0; at < chars.length; at++) {
    const char = chars[at] ?? '';
    if (char === '%') {
      if (parts.at(-1) !== '%') parts.push('%');
    } else if (char === '_') parts.push('_');
    else if (char === '\\' && at + 1 < chars.length) {
      at += 1;
      parts.push({ literal: chars[at] ?? '' });
    } else parts.push({ literal: char });
  }
  return parts;
}

/**
 * LIKE: `%` is any number of characters, `_` one, a backslash takes the next as it is. Walks with one place to go back
 * to (the last `%`), so the work is at most length of text times length of pattern.
 */
export function likeMatcher(pattern: string): (text: string) => boolean {
  const parts = partsOf(pattern);
  return (text) => {
    const chars = [...text];
    let part = 0;
    let at = 0;
    let backPart = -1;
    let backAt = 0;
    while (at < chars.length) {
      const wanted = parts[part];
      if (wanted === '%') {
        backPart = part;
        backAt = at;
        part += 1;
      } else if (wanted !== undefined && (wanted === '_' || wanted.literal === chars[at])) {
        part += 1;
        at += 1;
      } else if (backPart >= 0) {
        part = backPart + 1;
        backAt += 1;
        at = backAt;
      } else return false;
    }
    while (parts[part] === '%') part += 1;
    return part === parts.length;
  };
}
