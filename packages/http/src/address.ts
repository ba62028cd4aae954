import { BlockList, isIP, isIPv4 } from 'node:net';

/** IPv4 that is not globally reachable unicast (IANA special-purpose registry, RFC 6890 and its updates). */
const specialV4 = new BlockList();
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  // Link-local: instance metadata (.169.254), container credentials (.170.2, .170.23).
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
  // Azure's WireServer: a public address that every virtual machine there reaches as its own host's agent.
  ['168.63.129.16', 32],
] as const) {
  specialV4.addSubnet(net, prefix, 'ipv4');
}

/**
 * Of IPv6 only 2000::/3 is global unicast: loopback, ULA, link-local, multicast, IPv4-mapped (::ffff:0:0/96), IPv4-compatible
 * (::/96) and NAT64 (64:ff9b::/96, 64:ff9b:1::/48) lie outside it.
 */
const globalV6 = new BlockList();
globalV6.addSubnet('2000::', 3, 'ipv6');

/** Inside 2000::/3 these are not: IETF protocols with Teredo and ORCHID, documentation, 6to4, documentation. */
const specialV6 = new BlockList();
for (const [net, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  specialV6.addSubnet(net, prefix, 'ipv6');
}

/** True for a literal IPv4 or IPv6 address (no brackets, no zone) that is globally reachable unicast. */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 0 || address.includes('%')) return false;
  if (isIPv4(address)) return !specialV4.check(address, 'ipv4');
  return globalV6.check(address, 'ipv6') && !specialV6.check(address, 'ipv6');
}

/** True for 127.0.0.0/8 and ::1. */
export function isLoopbackAddress(address: string): boolean {
  return address === '::1' || (isIPv4(address) && address.startsWith('127.'));
}
