import { isSwathError } from '@swath/core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPublicAddress } from './address.ts';
import { checkUrl, publicName, type UrlPolicy } from './url-policy.ts';

const refused = (href: string, policy: UrlPolicy = {}): boolean => {
  try {
    checkUrl(href, policy);
    return false;
  } catch (error) {
    expect(isSwathError(error, 'InvalidInput'), String(error)).toBe(true);
    return true;
  }
};

describe('checkUrl', () => {
  it.each([
    'https://e84-earth-search-sentinel-data.s3.us-west-2.amazonaws.com/B04.tif',
    'https://example.com:443/a.tif?sig=x',
    'https://93.184.216.34/a.tif',
    'https://[2606:2800:220:1:248:1893:25c8:1946]/a.tif',
  ])('lets %s through', (href) => {
    expect(refused(href)).toBe(false);
  });

  it.each([
    'http://example.com/a.tif',
    'HTTP://example.com/a.tif',
    'ftp://example.com/a.tif',
    'file:///etc/passwd',
    'gopher://example.com',
    'https://user:secret@example.com/a.tif',
    'https://localhost/a',
    'https://LOCALHOST./a',
    'https://a.localhost/a',
    'https://metadata.google.internal/computeMetadata',
    'https://printer.local/a',
    'https://intranet/a',
    'https://127.0.0.1/a',
    'https://2130706433/a',
    'https://0x7f.1/a',
    'https://017700000001/a',
    'https://0/a',
    'https://169.254.169.254/latest/meta-data',
    'https://10.0.0.1/a',
    'https://172.31.255.255/a',
    'https://192.168.1.1/a',
    'https://100.64.0.1/a',
    'https://[::1]/a',
    'https://[::]/a',
    'https://[::ffff:127.0.0.1]/a',
    'https://[::ffff:8.8.8.8]/a',
    'https://[64:ff9b::a9fe:a9fe]/a',
    'https://[fe80::1]/a',
    'https://[fd00:ec2::254]/a',
    'https://[2002:7f00:1::]/a',
    'https://[2001:db8::1]/a',
    'https://example.com:8443/a',
    'https://example.com:22/a',
    'not a url',
    '//example.com/a',
    `https://example.com/${'a'.repeat(10_000)}`,
  ])('refuses %s', (href) => {
    expect(refused(href)).toBe(true);
  });

  it('reaches http and loopback, but no other private address, when http is allowed', () => {
    const policy = { allowHttp: true } as const;
    expect(refused('http://127.0.0.1:8080/a', policy)).toBe(false);
    expect(refused('http://localhost:8080/a', policy)).toBe(false);
    expect(refused('http://[::1]:8080/a', policy)).toBe(false);
    expect(refused('http://169.254.169.254/a', policy)).toBe(true);
    expect(refused('http://10.0.0.1/a', policy)).toBe(true);
    expect(refused('file:///etc/passwd', policy)).toBe(true);
  });

  it('reaches listed hosts, with or without a port, and nothing beside them', () => {
    const policy = { allowHosts: ['10.0.0.7:9000', 'minio.internal'] };
    expect(refused('http://10.0.0.7:9000/a', policy)).toBe(false);
    expect(refused('http://minio.internal:9000/a', policy)).toBe(false);
    expect(refused('http://10.0.0.7:9001/a', policy)).toBe(true);
    expect(refused('http://10.0.0.8:9000/a', policy)).toBe(true);
    expect(refused('http://user:secret@minio.internal/a', policy)).toBe(true);
  });

  it('never prints the query, the path or a password', () => {
    for (const href of [
      'https://10.0.0.1/p4th?sig=s3cret',
      'https://u:s3cret@a.com/p4th',
      'http://a.com/p4th?s3cret',
    ]) {
      try {
        checkUrl(href, {});
        expect.unreachable(href);
      } catch (error) {
        expect(String(error)).not.toMatch(/s3cret|p4th/);
      }
    }
  });
});

describe('isPublicAddress', () => {
  it('agrees with the dotted ranges for every IPv4 address of the private blocks', async () => {
    await fc.assert(
      fc.property(
        fc.constantFrom('10', '127', '192.168', '172.16', '169.254', '0', '224', '255'),
        fc.array(fc.nat(255), { minLength: 3, maxLength: 3 }),
        (prefix, rest) => {
          const parts = [...prefix.split('.'), ...rest.map(String)].slice(0, 4);
          expect(isPublicAddress(parts.join('.'))).toBe(false);
        },
      ),
    );
  });
});

describe('publicName', () => {
  it('keeps scheme, host and path only', () => {
    expect(publicName('https://u:p@a.com:8443/x/y.tif?sig=1#f')).toBe('https://a.com:8443/x/y.tif');
    expect(publicName('odd?sig=1')).toBe('odd');
  });
});
