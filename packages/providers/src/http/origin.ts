import { SwathError } from '@swath/core';
import type { UrlPolicy } from '@swath/http';

/**
 * The address of a provider as configured: https, or http on this very machine.
 * @throws InvalidInput for anything else.
 */
export function parseProviderUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const loopback = url !== undefined && /^(127(\.\d+){3}|localhost|\[::1\])$/.test(url.hostname);
  if (url === undefined || !(url.protocol === 'https:' || (url.protocol === 'http:' && loopback))) {
    throw new SwathError('InvalidInput', 'The URL of a STAC API must be https (http only for 127.0.0.1).', {
      fix: 'Give the https URL of the landing page of the API.',
    });
  }
  if (url.username !== '' || url.password !== '') {
    throw new SwathError('InvalidInput', 'The URL of a STAC API must not hold credentials.', {
      fix: 'Pass credentials as headers of the provider.',
    });
  }
  return url;
}

/**
 * What the client of one provider may reach: nothing but the provider's own host, which for http on this very machine its
 * configured address names explicitly. A catalogue on a private network is listed in `allowHosts`.
 */
export function policyFor(base: URL, configured: UrlPolicy = {}): UrlPolicy {
  const allowHosts = [...(configured.allowHosts ?? []), ...(base.protocol === 'http:' ? [base.host] : [])];
  return { ...configured, allowHosts, onlyHosts: [base.host] };
}

/** Where a URL points to, for messages: without query, which may hold tokens. */
export function shownUrl(url: URL): string {
  return `${url.origin}${url.pathname}`.slice(0, 200);
}

/**
 * An address that came out of an answer (next link, redirect). Answers are foreign: they may only lead to the origin
 * they came from, or from http to https on the same host.
 * @throws Corrupt otherwise.
 */
export function sameOrigin(href: string, from: URL, what: string): URL {
  const url = URL.canParse(href, from.href) ? new URL(href, from) : undefined;
  if (url === undefined) throw new SwathError('Corrupt', `${shownUrl(from)}: ${what} is not a URL.`);
  const upgraded = from.protocol === 'http:' && url.protocol === 'https:' && url.hostname === from.hostname;
  if ((url.origin !== from.origin && !upgraded) || url.username !== '' || url.password !== '') {
    throw new SwathError('Corrupt', `${shownUrl(from)}: ${what} leads to another origin (${url.origin}).`);
  }
  return url;
}
