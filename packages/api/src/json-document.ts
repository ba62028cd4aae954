import { SwathError } from '@swath/core';

/** Deepest nesting: a MultiPolygon in a FeatureCollection in a request is 9 deep. */
const JSON_DEPTH_LIMIT = 32;

function invalid(message: string, fix: string, cause?: unknown): SwathError {
  return new SwathError('InvalidInput', message, {
    pointer: '',
    fix,
    ...(cause === undefined ? {} : { cause }),
  });
}

/** Depth is counted in the text, so that no parser recurses into a hostile document. */
function checkDepth(text: string): void {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (inString) {
      if (c === 0x5c) i++;
      else if (c === 0x22) inString = false;
    } else if (c === 0x22) inString = true;
    else if (c === 0x7b || c === 0x5b) {
      depth++;
      if (depth > JSON_DEPTH_LIMIT) {
        throw invalid(
          `The JSON is nested deeper than ${JSON_DEPTH_LIMIT} levels.`,
          'Send a flatter document: see docs/requests.md for the shape.',
        );
      }
    } else if (c === 0x7d || c === 0x5d) depth--;
  }
}

/** Strict UTF-8 JSON of at most 32 levels with finite numbers and no `__proto__`. @throws SwathError InvalidInput. */
export function parseJsonDocument(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw invalid('The body is not UTF-8 text.', 'Send it as UTF-8.', cause);
  }
  checkDepth(text);
  try {
    return JSON.parse(text, (key, value: unknown) => {
      if (key === '__proto__') throw invalid('The key "__proto__" is not allowed.', 'Remove it.');
      if (typeof value === 'number' && !Number.isFinite(value)) {
        throw invalid(
          `The value of "${key}" is not a finite number.`,
          'Use a number that a double can hold.',
        );
      }
      return value;
    });
  } catch (cause) {
    if (cause instanceof SwathError) throw cause;
    throw invalid('The body is not JSON.', 'Check it with a JSON validator.', cause);
  }
}
