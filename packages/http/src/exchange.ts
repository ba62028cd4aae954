import { SWATH_VERSION, SwathError } from '@swath/core';
import type { Answer } from './body.ts';
import type { LazyAgent } from './lazy-agent.ts';
import { MAX_REDIRECTS } from './limits.ts';
import { checkUrl, publicName, type UrlPolicy } from './url-policy.ts';

export const USER_AGENT = `swath/${SWATH_VERSION}`;

/** What all GETs of one transport share. */
export interface Exchange {
  readonly policy: UrlPolicy;
  readonly agent: LazyAgent;
  /** For the headers, and between two chunks of a body. */
  readonly idleTimeoutMs: number;
}

export interface GetRequest {
  readonly href: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent to the origin of `href` and to no other that a redirect names. */
  readonly secretHeaders?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal | undefined;
}

const redirects = new Set([301, 302, 303, 307, 308]);

/**
 * One GET. Redirects are followed by hand, at most 5: every address is checked, https never becomes http, secrets stay with
 * the origin they were meant for. The body is unread: the caller must read or destroy it.
 * @throws SwathError InvalidInput (an address that may not be reached), Corrupt, Unavailable; and what undici throws.
 */
export async function get(
  exchange: Exchange,
  { href, headers, secretHeaders, signal }: GetRequest,
): Promise<Answer> {
  const name = publicName(href);
  const first = checkUrl(href, exchange.policy);
  const dispatcher = await exchange.agent.get();
  const { request } = await import('undici');
  let url = first;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    const answer = await request(url, {
      dispatcher,
      method: 'GET',
      headers: {
        'accept-encoding': 'identity',
        'user-agent': USER_AGENT,
        ...headers,
        ...(url.origin === first.origin ? secretHeaders : {}),
      },
      headersTimeout: exchange.idleTimeoutMs,
      bodyTimeout: exchange.idleTimeoutMs,
      signal: signal ?? null,
    });
    const { statusCode: status, body } = answer;
    body.on('error', () => {}); // A destroyed body reports its own end; the reader has the reason already.
    const header = (key: string): string | undefined => {
      const value = answer.headers[key];
      // A field that must be single and came twice is no valid value of either (RFC 9110, 5.3).
      return Array.isArray(value) ? value.join(', ') : value;
    };
    if (!redirects.has(status)) return { status, header, body };
    body.destroy();
    url = nextHop(url, header('location'), { name, status, policy: exchange.policy });
  }
  throw new SwathError('Unavailable', `${name} redirects more than ${MAX_REDIRECTS} times`);
}

function nextHop(
  from: URL,
  location: string | undefined,
  about: { readonly name: string; readonly status: number; readonly policy: UrlPolicy },
): URL {
  if (location === undefined || !URL.canParse(location, from.href)) {
    throw new SwathError('Corrupt', `${about.name} redirects (HTTP ${about.status}) to no address`);
  }
  const next = checkUrl(new URL(location, from).href, about.policy);
  if (from.protocol === 'https:' && next.protocol === 'http:') {
    throw new SwathError('InvalidInput', `${about.name} redirects from https to http, which is refused`);
  }
  return next;
}
