import { BlockList, isIP, isIPv4 } from 'node:net';
import { SwathError } from '@swath/core';
import { MAX_URL_LENGTH } from '../limits.ts';

/** Which addresses an opener may reach. The default is https to public hosts on port 443. */
export interface UrlPolicy {
  /** Also plain http, and loopback addresses. For tests and local servers. @default absent: refused */
  readonly allowHttp?: true;
  /** `host` or `host:port` entries that are reached by http or https whatever their address is. @default none */
  readonly allowHosts?: readonly string[];
}

/** IPv4 that is not globally reachable unicast (IANA special-purpose registry, RFC 6890 and its updates). */
const specialV4 = new BlockList();
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const) {
  specialV4.addSubnet(net, prefix, 'ipv4');
}

/** Of IPv6 only 2000::/3 is global unicast; inside it these are not (Teredo, ORCHID, documentation, 6to4). */
const globalV6 = new BlockList();
globalV6.addSubnet('2000::', 3, 'ipv6');
const specialV6 = new BlockList();
for (const [net, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  specialV6.addSubnet(net, prefix, 'ipv6');
}

/** True for a literal IPv4 or IPv6 address (no brackets) that is globally reachable unicast. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !specialV4.check(address, 'ipv4');
  return globalV6.check(address, 'ipv6') && !specialV6.check(address, 'ipv6');
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' ||
  host.endsWith('.localhost') ||
  host === '::1' ||
  (isIPv4(host) && host.startsWith('127.'));

/** Names that public DNS never answers for, or that cloud machines answer with their own secrets. */
const privateNames = ['localhost', 'local', 'internal', 'intranet', 'home', 'lan', 'localdomain'];

function refuse(message: string, fix: string): never {
  throw new SwathError('InvalidInput', message, { fix });
}

/**
 * The URL, when the policy lets us reach it; every redirect is checked again by the same function.
 * Literal addresses are judged here in every spelling (WHATWG parsing turns `0x7f.1` into 127.0.0.1);
 * what a name resolves to is the connection's business.
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
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    refuse(`The scheme "${url.protocol}" is not read over the network.`, 'Give an https URL.');
  }
  if (url.username !== '' || url.password !== '') {
    refuse('The address holds a user name or password.', 'Give it without, and configure the credentials.');
  }
  const host = url.hostname
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();
  const listed = policy.allowHosts ?? [];
  if (listed.includes(url.host.toLowerCase()) || listed.includes(host)) return url;

  if (url.protocol === 'http:' && policy.allowHttp !== true) {
    refuse(`Plain http to ${host} is refused.`, 'Give an https URL.');
  }
  if (isLoopback(host)) {
    if (policy.allowHttp === true) return url;
    refuse(`The address ${host} is this machine itself.`, 'Give a public https URL.');
  }
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  if (port !== '443' && port !== '80') {
    refuse(`Port ${port} of ${host} is refused.`, 'Give a URL on port 443, or list the host.');
  }
  if (isIP(host) !== 0) {
    if (!isPublicAddress(host)) refuse(`The address ${host} is not public.`, 'Give a public https URL.');
    return url;
  }
  const labels = host.split('.');
  if (labels.length < 2 || privateNames.includes(labels.at(-1) ?? '')) {
    refuse(`The host ${host} is not a public name.`, 'Give a public https URL.');
  }
  return url;
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
