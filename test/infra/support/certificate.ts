import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A key and a certificate of its own, for TLS between processes of one test. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
  /** The certificate as a file: what `NODE_EXTRA_CA_CERTS` takes. */
  readonly certFile: string;
}

/** @param names as `subjectAltName` has them: `DNS:a.example`, `IP:127.0.0.1`. @throws Error without openssl. */
export function makeCertificate(folder: string, names: readonly string[]): Certificate {
  const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const said = ['-subj', '/CN=swath tests', '-addext', `subjectAltName=${names.join(',')}`];
  execFileSync('openssl', ['req', '-x509', ...curve, ...said, '-keyout', keyFile, '-out', certFile], {
    stdio: 'ignore',
  });
  return { key: readFileSync(keyFile, 'utf8'), cert: readFileSync(certFile, 'utf8'), certFile };
}
