import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpTransport } from './transport.ts';

/** A key and a certificate that says it is `localhost`; undefined where there is no openssl to make them. */
function selfSigned(): { readonly key: string; readonly cert: string } | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'swath-tls-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const name = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  try {
    execFileSync('openssl', ['req', '-x509', ...curve, ...name, '-keyout', key, '-out', cert], {
      stdio: 'ignore',
    });
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  } catch {
    console.warn('skipped: no openssl, so reading over TLS is not tested');
    return undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const pair = selfSigned();
const body = Buffer.from('0123456789');

describe.skipIf(pair === undefined)('reading over TLS', () => {
  let server: Server;
  let port = 0;
  const known = getCACertificates('default');
  beforeAll(async () => {
    server = createServer({ key: pair?.key, cert: pair?.cert }, (request, response) => {
      const [, from = '0', to = '9'] = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '') ?? [];
      const part = body.subarray(Number(from), Number(to) + 1);
      response.writeHead(206, {
        'content-range': `bytes ${from}-${Number(from) + part.length - 1}/${body.length}`,
        'content-length': part.length,
      });
      response.end(part);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  });
  afterAll(async () => {
    setDefaultCACertificates(known);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const read = async (host: string): Promise<string> => {
    const transport = httpTransport(
      { allowHosts: [`${host}:${port}`] },
      { attempts: 1, resolve: async () => [{ address: '127.0.0.1', family: 4 }] },
    );
    try {
      return Buffer.from(await transport.source(`https://${host}:${port}/a.tif`).read(2, 4)).toString();
    } finally {
      await transport.close();
    }
  };

  it('gives the bytes of a server whose certificate is trusted', async () => {
    setDefaultCACertificates([...known, pair?.cert ?? '']);
    expect(await read('localhost')).toBe('2345');
  });

  it('refuses one that is not trusted, and one that is somebody else', async () => {
    setDefaultCACertificates(known);
    await expect(read('localhost')).rejects.toMatchObject({ code: 'Unavailable' });
    setDefaultCACertificates([...known, pair?.cert ?? '']);
    await expect(read('other.test')).rejects.toMatchObject({ code: 'Unavailable' });
  });
});
