const utf8 = new TextEncoder();

/** Length of the text in UTF-8 bytes. */
export function utf8Length(text: string): number {
  return utf8.encode(text).length;
}

/**
 * Order of the UTF-8 bytes (DynamoDB's, S3's and SQLite's), which is code-point order. JavaScript's `<` compares UTF-16
 * units and puts U+10000 and above (surrogates, 0xD800 to 0xDFFF) before U+E000 to U+FFFF.
 *
 * @returns negative, 0 or positive as a sorts before, with or after b.
 */
export function compareUtf8(a: string, b: string): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/** Surrogates moved above the rest of the basic plane. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
