import { SWATH_VERSION, SwathError } from '@swath/core';
import type { Answer } from './body.ts';
import type { Connections } from './connections.ts';
import type { Lazy } from './lazy.ts';
import { MAX_REDIRECTS } from './limits.ts';
import { checkUrl, publicName, type UrlPolicy } from './url-policy.ts';

export const USER_AGENT = `swath/${SWATH_VERSION}`;

/** What all GETs of one transport share. */
export interface Exchange {
  readonly policy: UrlPolicy;
  readonly connections: Lazy<Connections>;
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
 * @throws SwathError InvalidInput (an address that may not be reached), Corrupt, Unavailable; and what `Connections.send` throws.
 */
export async function get(
  exchange: Exchange,
  { href, headers, secretHeaders, signal }: GetRequest,
): Promise<Answer> {
  const name = publicName(href);
  const first = checkUrl(href, exchange.policy);
  const connections = await exchange.connections.get();
  let url = first;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    const body = await connections.send(url, {
      headers: {
        'accept-encoding': 'identity',
        'user-agent': USER_AGENT,
        ...headers,
        ...(url.origin === first.origin ? secretHeaders : {}),
      },
      idleTimeoutMs: exchange.idleTimeoutMs,
      signal,
    });
    const status = body.statusCode ?? 0;
    body.on('error', () => {}); // A destroyed body reports its own end; the reader has the reason already.
    // A field that must be single and came twice is no valid value of either (RFC 9110, 5.3).
    const header = (key: string): string | undefined => body.headersDistinct[key]?.join(', ');
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
