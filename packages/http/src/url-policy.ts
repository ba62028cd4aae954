import { isIP } from 'node:net';
import { SwathError } from '@swath/core';
import { isLoopbackAddress, isPublicAddress } from './address.ts';
import { bareHost, isListed } from './host-list.ts';
import { MAX_URL_LENGTH } from './limits.ts';

/** Which addresses may be reached. The default is https to public hosts on port 443. */
export interface UrlPolicy {
  /** Also plain http, and loopback addresses. For tests and local servers. @default absent: refused */
  readonly allowHttp?: true;
  /** `host` or `host:port` entries that are reached by http or https whatever their address is. @default none */
  readonly allowHosts?: readonly string[];
  /**
   * When given, nothing else is reached: `host`, `host:port`, `.suffix` (names below it), `s3://bucket`. All other rules hold
   * for these, too; entries of `allowHosts` need not be repeated. @default absent: any public host
   */
  readonly onlyHosts?: readonly string[];
}

/** The addresses a connection may go to: `any` for hosts the operator listed. */
export type Reach = 'public' | 'loopback' | 'any';

/** Whether a resolved or literal address lies within reach. */
export function isWithin(reach: Reach, address: string): boolean {
  if (reach === 'any') return true;
  return reach === 'loopback' ? isLoopbackAddress(address) : isPublicAddress(address);
}

/** Names that public DNS never answers for, or that cloud machines answer with their own secrets. */
const privateNames = new Set([
  'localhost',
  'local',
  'internal',
  'intranet',
  'home',
  'lan',
  'localdomain',
  'corp',
  'private',
  'arpa',
  'onion',
]);

function refuse(message: string, fix: string): never {
  throw new SwathError('InvalidInput', message, { fix });
}

/**
 * The URL, when the policy lets us reach it; every redirect is checked again by the same function.
 * Literal addresses are judged here in every spelling (WHATWG parsing turns `0x7f.1` into 127.0.0.1);
 * what a name resolves to is judged by the connection (connect.ts).
 * @throws SwathError InvalidInput. The message holds the host at most, never the path, query or user.
 */
export function checkUrl(href: string, policy: UrlPolicy): URL {
  if (href.length > MAX_URL_LENGTH) {
    refuse(`The address has ${href.length} characters; the limit is ${MAX_URL_LENGTH}.`, 'Shorten it.');
  }
  let url: URL;
  try {
    url = new URL(href);
  } catch {
    refuse('The address is not a URL.', 'Give an absolute https URL.');
  }
  reachOf(url, policy);
  return url;
}

/** How far a connection for this URL may go. @throws SwathError InvalidInput, as `checkUrl`. */
export function reachOf(url: URL, policy: UrlPolicy): Reach {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    refuse(`The scheme "${url.protocol}" is not read over the network.`, 'Give an https URL.');
  }
  if (url.username !== '' || url.password !== '') {
    refuse('The address holds a user name or password.', 'Give it without, and configure the credentials.');
  }
  const host = bareHost(url);
  // Plain host and host:port entries only: "whatever the address is" is never said of a suffix or a bucket.
  const listed = policy.allowHosts ?? [];
  if (listed.includes(url.host.toLowerCase()) || listed.includes(host)) return 'any';

  if (policy.onlyHosts !== undefined && !isListed(url, policy.onlyHosts)) {
    refuse(`The host ${host} is not among those that may be read.`, 'Give an address on a listed host.');
  }
  if (url.protocol === 'http:' && policy.allowHttp !== true) {
    refuse(`Plain http to ${host} is refused.`, 'Give an https URL.');
  }
  if (host === 'localhost' || host.endsWith('.localhost') || isLoopbackAddress(host)) {
    if (policy.allowHttp === true) return 'loopback';
    refuse(`The address ${host} is this machine itself.`, 'Give a public https URL.');
  }
  // The parser drops a scheme's default port: what is left is 443 of https or 80 of an http that was allowed.
  if (url.port !== '') {
    refuse(`Port ${url.port} of ${host} is refused.`, 'Give a URL on port 443, or list the host.');
  }
  if (isIP(host) !== 0) {
    if (!isPublicAddress(host)) refuse(`The address ${host} is not public.`, 'Give a public https URL.');
    return 'public';
  }
  const labels = host.split('.');
  if (labels.length < 2 || labels.includes('') || privateNames.has(labels.at(-1) ?? '')) {
    refuse(`The host ${host} is not a public name.`, 'Give a public https URL.');
  }
  return 'public';
}

/** scheme, host and path: what may be shown. Queries carry signatures. */
export function publicName(href: string): string {
  try {
    const url = new URL(href);
    return `${url.protocol}//${url.host}${url.pathname}`;
  } catch {
    return href.replace(/[?#].*$/s, '');
  }
}
