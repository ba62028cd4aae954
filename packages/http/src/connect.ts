import { lookup as systemLookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { SwathError } from '@swath/core';
import { Agent, buildConnector } from 'undici';
import { CONNECTIONS_PER_ORIGIN, KEEP_ALIVE_MS, MAX_ADDRESSES, MAX_HEADER_BYTES } from './limits.ts';
import { isWithin, type Reach, reachOf, type UrlPolicy } from './url-policy.ts';

/** One answer of a resolver. */
export interface ResolvedAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/** All addresses of a host name. Rejects when there is none. */
export type Resolve = (hostname: string) => Promise<readonly ResolvedAddress[]>;

export interface ConnectOptions {
  readonly connectTimeoutMs: number;
  /** @default the resolver of the operating system */
  readonly resolve?: Resolve;
}

const systemResolve: Resolve = async (hostname) =>
  (await systemLookup(hostname, { all: true, verbatim: true })).map(({ address, family }) => ({
    address,
    family: family === 6 ? 6 : 4,
  }));

/**
 * Connections that go to permitted addresses only. A name is resolved once per connection, every address it has is checked,
 * and the socket goes to one of exactly these: what the name resolves to a moment later does not matter (DNS rebinding).
 * One address out of reach refuses the whole answer. Literal addresses, which no resolver sees, are checked as well.
 *
 * Errors: InvalidInput for an address out of reach, whoever asked for the connection and whatever was checked before.
 */
export function guardedAgent(policy: UrlPolicy, options: ConnectOptions): Agent {
  const resolve = shared(options.resolve ?? systemResolve);
  const connector = (reach: Reach): buildConnector.connector =>
    buildConnector({
      timeout: options.connectTimeoutMs,
      // One protocol to guard. Range reads gain nothing from HTTP/2: tiles of one object would share one TCP window.
      allowH2: false,
      lookup: guardedLookup(reach, resolve),
    });
  const byReach = {
    public: connector('public'),
    loopback: connector('loopback'),
    any: connector('any'),
  } as const;
  return new Agent({
    connections: CONNECTIONS_PER_ORIGIN,
    // HTTP pipelining would queue a small read behind a large one.
    pipelining: 1,
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxHeaderSize: MAX_HEADER_BYTES,
    connect(target, callback) {
      let reach: Reach;
      try {
        const url = new URL(`${target.protocol}//${target.host ?? target.hostname}/`);
        reach = reachForConnection(url, policy);
        const literal = target.hostname.replace(/^\[|\]$/g, '');
        if (isIP(literal) !== 0 && !isWithin(reach, literal)) throw outOfReach(literal);
      } catch (error) {
        callback(error instanceof Error ? error : new Error(String(error)), null);
        return;
      }
      byReach[reach](target, callback);
    },
  });
}

/** As `reachOf`, without `onlyHosts`: a bucket in path style is known by its path, which a connection has not. */
function reachForConnection(url: URL, { allowHttp, allowHosts }: UrlPolicy): Reach {
  return reachOf(url, {
    ...(allowHttp === undefined ? {} : { allowHttp }),
    ...(allowHosts === undefined ? {} : { allowHosts }),
  });
}

function outOfReach(host: string): SwathError {
  return new SwathError('InvalidInput', `The host ${host} is not at a public address.`, {
    fix: 'Give a public https URL.',
  });
}

function guardedLookup(reach: Reach, resolve: Resolve): LookupFunction {
  return (hostname, { all }, callback) => {
    resolve(hostname).then(
      (found) => {
        const [first] = found;
        if (first === undefined || found.length > MAX_ADDRESSES) {
          callback(new SwathError('Unavailable', `The name ${hostname} has ${found.length} addresses.`), '');
        } else if (!found.every(({ address }) => isWithin(reach, address))) {
          callback(outOfReach(hostname), '');
        } else if (all === true) {
          callback(null, [...found]);
        } else {
          callback(null, first.address, first.family);
        }
      },
      (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), ''),
    );
  };
}

/** Connections that are opened at the same time share one question; nothing is remembered beyond the answer. */
function shared(resolve: Resolve): Resolve {
  const asking = new Map<string, Promise<readonly ResolvedAddress[]>>();
  return (hostname) => {
    const known = asking.get(hostname);
    if (known !== undefined) return known;
    const answer = resolve(hostname).finally(() => asking.delete(hostname));
    asking.set(hostname, answer);
    return answer;
  };
}
