import type { AskTokens } from '@swath/api';
import { isSwathError, SwathError } from '@swath/core';
import { guardedFetch, type UrlPolicy } from '@swath/http';
import { readText } from '@swath/providers/http/body';
import { TOKEN_ANSWER_BYTES_MAX, TOKEN_TIMEOUT_MS } from './limits.ts';

/**
 * The token endpoint of an issuer (RFC 6749, 3.2), asked as a public client. Never repeated: an authorization code is good
 * for one question. No message holds what was sent or answered.
 * @param policy what may be reached, for tests. @default https to public hosts
 */
export function tokenEndpoint(address: string, policy: UrlPolicy = {}): AskTokens {
  const url = new URL(address);
  const fetch = guardedFetch(policy);
  return async (form) => {
    try {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
        body: new URLSearchParams(form).toString(),
        signal: AbortSignal.timeout(TOKEN_TIMEOUT_MS),
      });
      const text = await readText(answer, TOKEN_ANSWER_BYTES_MAX, url.host);
      return { status: answer.status, json: jsonOf(text) };
    } catch (cause) {
      if (isSwathError(cause, 'Bug')) throw cause;
      throw new SwathError('Unavailable', 'The issuer does not give tokens now.', {
        fix: 'Repeat in a minute.',
        cause,
      });
    }
  };
}

/** @returns undefined for what is no JSON, such as a proxy's page: whoever asked sees the status. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
