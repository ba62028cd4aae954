import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isSwathError } from '@swath/core';
import { fixedClock } from '@swath/ports/memory/clock';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linkSecret, localLinks } from './links.ts';

const secret = new Uint8Array(32).fill(7);

function make(baseUrl = 'http://127.0.0.1:8080') {
  const clock = fixedClock(Date.parse('2026-11-21T00:00:00Z'));
  return { clock, links: localLinks({ baseUrl, secret, clock }) };
}

const refused = (call: () => unknown): boolean => {
  try {
    call();
    return false;
  } catch (error) {
    return isSwathError(error, 'NotFound');
  }
};

describe('localLinks', () => {
  it('gives back any key after any URL parser has had its way with it', () => {
    const { links } = make('https://example.org/swath/');
    const key = fc
      .oneof(
        fc.string({ unit: 'binary', minLength: 1 }),
        fc
          .array(fc.constantFrom('..', '.', '', 'a', '%2e', '~', '~b', '\\', '?', '#', '🛰'), { minLength: 1 })
          .map((segments) => segments.join('/')),
      )
      .filter((text) => text !== '');
    fc.assert(
      fc.property(key, fc.option(fc.string({ unit: 'binary' }), { nil: undefined }), (name, downloadName) => {
        const link = {
          bucket: 'results',
          key: name,
          ...(downloadName === undefined ? {} : { downloadName }),
        };
        const url = new URL(links.make(link));
        expect(url.pathname.startsWith('/swath/files/results/')).toBe(true);
        expect(links.verify(new URL(url.href).href)).toEqual(link);
      }),
      { numRuns: 1_000 },
    );
  });

  it('ends in a readable file name', () => {
    const { links } = make();
    const url = new URL(links.make({ bucket: 'results', key: 'results/ab12/ndvi 1.tif' }));
    expect(url.pathname).toBe('/files/results/results/ab12/ndvi%201.tif');
  });

  it('works whatever host it is asked at, since proxies rename hosts', () => {
    const { links } = make();
    const url = new URL(links.make({ bucket: 'b', key: 'k' }));
    expect(links.verify(`${url.pathname}${url.search}`)).toEqual({ bucket: 'b', key: 'k' });
    url.host = 'localhost:9999';
    expect(links.verify(url)).toEqual({ bucket: 'b', key: 'k' });
  });

  it('refuses every change', () => {
    const { links } = make();
    const url = links.make({ bucket: 'results', key: 'a/b.tif', downloadName: 'b.tif' });
    const changes: ((changed: URL) => void)[] = [
      (changed) => {
        changed.pathname = '/files/results/a/c.tif';
      },
      (changed) => {
        changed.pathname = '/files/other/a/b.tif';
      },
      (changed) => {
        changed.pathname = '/elsewhere/results/a/b.tif';
      },
      (changed) => {
        changed.pathname = '/files/results/%zz';
      },
      (changed) => {
        changed.pathname = '/files/results';
      },
      (changed) => changed.searchParams.set('expires', '99999999999'),
      (changed) => changed.searchParams.set('expires', 'never'),
      (changed) => changed.searchParams.set('download', 'c.tif'),
      (changed) => changed.searchParams.delete('download'),
      (changed) => changed.searchParams.delete('signature'),
      (changed) => changed.searchParams.set('signature', 'AAAA'),
    ];
    for (const change of changes) {
      const changed = new URL(url);
      change(changed);
      expect(refused(() => links.verify(changed))).toBe(true);
    }
    expect(refused(() => links.verify(url))).toBe(false);
  });

  it('refuses links of another secret', () => {
    const { links, clock } = make();
    const others = localLinks({ baseUrl: 'http://127.0.0.1', secret: new Uint8Array(32), clock });
    expect(refused(() => links.verify(others.make({ bucket: 'b', key: 'k' })))).toBe(true);
  });

  it('ends at its second', () => {
    const { links, clock } = make();
    const url = links.make({ bucket: 'b', key: 'k' }, 60);
    clock.advance(59_999);
    expect(refused(() => links.verify(url))).toBe(false);
    clock.advance(1);
    expect(refused(() => links.verify(url))).toBe(true);
  });
});

describe('linkSecret', () => {
  it('is made once, readable by its owner only, and stays', () => {
    const folder = mkdtempSync(join(tmpdir(), 'swath-secret-'));
    try {
      const first = linkSecret(folder);
      expect(first).toHaveLength(32);
      expect(linkSecret(folder)).toEqual(first);
      expect(readdirSync(folder)).toEqual(['link-secret']);
      if (process.platform !== 'win32')
        expect(statSync(join(folder, 'link-secret')).mode & 0o777).toBe(0o600);
      writeFileSync(join(folder, 'link-secret'), 'short');
      expect(() => linkSecret(folder)).toThrow('damaged');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
