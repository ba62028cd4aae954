import { lookup as systemLookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { SwathError } from '@swath/core';
import { MAX_ADDRESSES } from './limits.ts';
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

/**
 * What decides where connections go, whichever client opens them. A name is resolved once per connection, every address it has
 * is checked, and the socket goes to one of exactly these: what the name resolves to a moment later does not matter (DNS
 * rebinding). One address out of reach refuses the whole answer. Literal addresses, which no resolver sees, are checked as well.
 */
export interface ConnectionGuard {
  /**
   * How far a connection to `scheme://host[:port]/` may go. A literal host may stand in brackets.
   * @throws SwathError InvalidInput for an address out of reach, whoever asked and whatever was checked before.
   */
  reach(url: URL): Reach;
  /** Resolves names for a connection of this reach; fails with InvalidInput when an address lies outside. */
  lookup(reach: Reach): LookupFunction;
}

export function connectionGuard(policy: UrlPolicy, resolve: Resolve = systemResolve): ConnectionGuard {
  const asked = shared(resolve);
  return {
    reach(url) {
      const reach = reachForConnection(url, policy);
      const literal = url.hostname.replace(/^\[|\]$/g, '');
      if (isIP(literal) !== 0 && !isWithin(reach, literal)) throw outOfReach(literal);
      return reach;
    },
    lookup: (reach) => guardedLookup(reach, asked),
  };
}

const systemResolve: Resolve = async (hostname) =>
  (await systemLookup(hostname, { all: true, verbatim: true })).map(({ address, family }) => ({
    address,
    family: family === 6 ? 6 : 4,
  }));

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
