import { createRequire } from 'node:module';
import type { ConnectionOptions, TLSSocket } from 'node:tls';

/** Names a host that is on this machine: `<name>=<port>`. Not of Lambda: the place of a name server. */
export const REACH_VARIABLE = 'SWATH_TEST_REACH';

/**
 * TLS connections to the named host go to the port of this machine. What is asked of the certificate stays: it has to be for
 * the name, and from an authority this process trusts (`NODE_EXTRA_CA_CERTS`).
 */
export function reachHere(named: string): void {
  const [name, port] = named.split('=');
  // The object that clients call `connect` on; an import's names are copies.
  const tls: { connect(options: ConnectionOptions, ...rest: unknown[]): TLSSocket } = createRequire(
    import.meta.url,
  )('node:tls');
  const connect = tls.connect.bind(tls);
  tls.connect = (options, ...rest) => {
    if (options.host !== name && options.servername !== name) return connect(options, ...rest);
    return connect({ ...options, host: '127.0.0.1', port: Number(port), servername: name }, ...rest);
  };
}
