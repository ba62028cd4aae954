import { SwathError } from '@swath/core';
import type { FetchAnswer } from '@swath/http';

/** Text of a response, counted while it streams. @throws LimitExceeded past `maxBytes`. */
export async function readText(response: FetchAnswer, maxBytes: number, from: string): Promise<string> {
  if (response.body === null) return '';
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  // Leaving the loop early cancels the stream, and with it the connection.
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) {
      throw new SwathError('LimitExceeded', `${from} answered with more than ${maxBytes} bytes.`, {
        fix: 'Narrow the search, or ask for fewer scenes at once.',
      });
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** JSON of a response. @throws Corrupt for anything else, such as the HTML page of a proxy. */
export function parseJson(text: string, from: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const looks = text.trimStart().startsWith('<') ? 'HTML or XML' : text === '' ? 'nothing' : 'no JSON';
    throw new SwathError('Corrupt', `${from} answered with ${looks} instead of JSON.`, { cause });
  }
}
