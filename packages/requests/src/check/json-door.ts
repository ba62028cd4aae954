import { SwathError } from '@swath/core';

/** A request with a 10,000-vertex AOI is 0.4 MB. */
export const maxDocumentBytes = 1_048_576;
/** GeoJSON in a request is 7 deep; nothing honest is deeper than 32. */
export const maxDepth = 32;

const colon = /[ \t\r\n]*:/y;

/**
 * JSON of a stranger: bounded in size and depth, no duplicate or `__proto__` keys, finite numbers, well-formed strings.
 * @throws SwathError InvalidInput, LimitExceeded.
 */
export function parseJsonDocument(text: string, maxBytes: number = maxDocumentBytes): unknown {
  const bytes = Buffer.byteLength(text);
  if (bytes > maxBytes) {
    throw new SwathError('LimitExceeded', `The document has ${bytes} bytes; the limit is ${maxBytes}.`, {
      fix: 'Simplify the area, or split the request.',
    });
  }
  scanStructure(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new SwathError('InvalidInput', `The document is not JSON: ${why}.`, {
      fix: 'Send valid JSON in UTF-8.',
    });
  }
  checkLeaves(value, '');
  return value;
}

/** Depth and keys in one pass over the text, before anything is built from it. */
function scanStructure(text: string): void {
  const open: { readonly keys: Set<string> | null }[] = [];
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === '"') {
      const end = endOfString(text, i);
      const keys = open.at(-1)?.keys;
      if (keys && isKeyBefore(text, end)) addKey(keys, text.slice(i, end));
      i = end - 1;
    } else if (char === '{' || char === '[') {
      open.push({ keys: char === '{' ? new Set() : null });
      if (open.length > maxDepth) {
        throw new SwathError('LimitExceeded', `The document is nested deeper than ${maxDepth} levels.`, {
          fix: 'Send a flat request document.',
        });
      }
    } else if (char === '}' || char === ']') open.pop();
  }
}

/** Whether a colon follows, after any amount of white space: a string in an object is then a key. */
function isKeyBefore(text: string, at: number): boolean {
  colon.lastIndex = at;
  return colon.test(text);
}

/** Index after the closing quote; the end of the text when there is none (JSON.parse will say so). */
function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '"') return i + 1;
  }
  return text.length;
}

function addKey(keys: Set<string>, quoted: string): void {
  const key = quoted.includes('\\') ? plainKey(quoted) : quoted.slice(1, -1);
  if (key === '__proto__')
    throw new SwathError('InvalidInput', 'The key "__proto__" is not allowed.', { fix: 'Remove it.' });
  if (keys.has(key)) {
    throw new SwathError('InvalidInput', `The key "${key}" stands twice in one object.`, {
      fix: 'Keep one of them.',
    });
  }
  keys.add(key);
}

function plainKey(quoted: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    // Not a JSON string: left to JSON.parse of the whole, which names the place.
    return quoted;
  }
}

function checkLeaves(value: unknown, pointer: string): void {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new SwathError('InvalidInput', 'A number is too large for a double.', {
      pointer,
      fix: 'Use a finite number.',
    });
  }
  if (typeof value === 'string' && !value.isWellFormed()) {
    throw new SwathError('InvalidInput', 'A text holds half a surrogate pair.', {
      pointer,
      fix: 'Send valid Unicode.',
    });
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, child] of Object.entries(value)) checkLeaves(child, `${pointer}/${pointerPart(key)}`);
}

/** One reference token of an RFC 6901 JSON pointer. */
export function pointerPart(key: PropertyKey): string {
  return String(key).replaceAll('~', '~0').replaceAll('/', '~1');
}
