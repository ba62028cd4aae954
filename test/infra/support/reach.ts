import { createRequire } from 'node:module';
import type { ConnectionOptions, TLSSocket } from 'node:tls';

/** Names hosts that are on this machine: `<name>,*.<suffix>=<port>`. Not of Lambda: the place of a name server. */
export const REACH_VARIABLE = 'SWATH_TEST_REACH';

/**
 * TLS connections to the named hosts go to the port of this machine. What is asked of the certificate stays: it has to be for
 * the name, and from an authority this process trusts (`NODE_EXTRA_CA_CERTS`).
 */
export function reachHere(named: string): void {
  const [names = '', port] = named.split('=');
  const isHere = (host: string | undefined) =>
    host !== undefined &&
    names.split(',').some((name) => host === name || (name.startsWith('*') && host.endsWith(name.slice(1))));
  // The object that clients call `connect` on; an import's names are copies.
  const tls: { connect(options: ConnectionOptions, ...rest: unknown[]): TLSSocket } = createRequire(
    import.meta.url,
  )('node:tls');
  const connect = tls.connect.bind(tls);
  tls.connect = (options, ...rest) => {
    const name = [options.servername, options.host].find(isHere);
    if (name === undefined) return connect(options, ...rest);
    return connect({ ...options, host: '127.0.0.1', port: Number(port), servername: name }, ...rest);
  };
}
