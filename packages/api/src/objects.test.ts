import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentKey, fakeApi } from '../../../test/support/fake-api.ts';
import { makeApp } from './app.ts';
import { rangeOf } from './objects.ts';

const path = `/results/${contentKey}/2024-03-12/ndvi.tif`;
const text = 'cog of 2024-03-12';

describe('a file of a result', () => {
  const fake = fakeApi();
  const app = makeApp(fake.deps);

  it('comes whole, with what a reader needs to ask for less next time', async () => {
    const response = await app.request(path);
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'image/tiff',
      'content-length': '17',
      'accept-ranges': 'bytes',
      etag: expect.stringMatching(/^"[0-9a-f]{16}"$/),
      'repr-digest': expect.stringMatching(/^sha-256=:.{44}:$/),
      'x-content-type-options': 'nosniff',
    });
    expect(await response.text()).toBe(text);
  });

  it('comes in parts', async () => {
    const response = await app.request(path, { headers: { Range: 'bytes=4-5' } });
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe('bytes 4-5/17');
    expect(await response.text()).toBe('of');
    const outside = await app.request(path, { headers: { Range: 'bytes=17-' } });
    expect(outside.status).toBe(416);
    expect(outside.headers.get('content-range')).toBe('bytes */17');
  });

  it('answers HEAD without a body and 304 to those who have it', async () => {
    const head = await app.request(path, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '17', '']);
    const etag = head.headers.get('etag') ?? '';
    expect((await app.request(path, { headers: { 'If-None-Match': `"x", ${etag}` } })).status).toBe(304);
    const changed = await app.request(path, { headers: { Range: 'bytes=0-1', 'If-Range': '"other"' } });
    expect([changed.status, await changed.text()]).toEqual([200, text]);
  });

  it('may lie one folder deeper, where a result is partial', async () => {
    fake.objects.set(
      `results/${contentKey}/2024-03-12/partial-1a2b/ndvi.tif`,
      Buffer.from('half'),
      'image/tiff',
    );
    const response = await app.request(`/results/${contentKey}/2024-03-12/partial-1a2b/ndvi.tif`);
    expect([response.status, await response.text()]).toEqual([200, 'half']);
  });

  it('is not found when it is not there, not ours, or no result at all', async () => {
    expect((await app.request(`/results/${contentKey}/2024-03-12/none.tif`)).status).toBe(404);
    expect((await app.request('/results/abc/2024-03-12/ndvi.tif')).status).toBe(400);
    expect((await app.request(`/results/${contentKey}/..%2f..%2fetc/passwd`)).status).toBe(404);
    const foreign = makeApp({ ...fake.deps, mayRead: async () => false });
    expect((await foreign.request(path)).status).toBe(404);
  });

  it('is a redirect where files lie in S3, but HEAD is answered here: presigned links are for GET only', async () => {
    const aws = makeApp({ ...fake.deps, delivery: 'redirect' });
    const response = await aws.request(path);
    expect(response.status).toBe(302);
    expect(response.headers.get('location')).toMatch(/^https:\/\/bucket\.example\/results\//);
    expect((await aws.request(path, { method: 'HEAD' })).status).toBe(200);
    expect((await aws.request(`/results/${contentKey}/x/none.tif`)).status).toBe(404);
    expect(JSON.stringify(fake.logged)).not.toContain('signature');
  });
});

describe('rangeOf', () => {
  it('gives a non-empty part of the file, nothing, or 416; whatever it is asked', () => {
    const header = fc.oneof(
      fc.string(),
      fc.tuple(fc.option(fc.nat(40)), fc.option(fc.nat(40))).map(([a, b]) => `bytes=${a ?? ''}-${b ?? ''}`),
    );
    fc.assert(
      fc.property(header, fc.nat(30), (asked, size) => {
        try {
          const range = rangeOf(asked, size);
          if (range === undefined) return;
          expect(range.start).toBeGreaterThanOrEqual(0);
          expect(range.end).toBeGreaterThan(range.start);
          expect(range.end).toBeLessThanOrEqual(size);
        } catch (error) {
          expect(error).toMatchObject({ code: 'RangeNotSatisfiable' });
        }
      }),
    );
  });

  it('reads the three forms', () => {
    expect(rangeOf('bytes=2-4', 10)).toEqual({ start: 2, end: 5 });
    expect(rangeOf('bytes=2-', 10)).toEqual({ start: 2, end: 10 });
    expect(rangeOf('bytes=-3', 10)).toEqual({ start: 7, end: 10 });
    expect(rangeOf('bytes=5-99', 10)).toEqual({ start: 5, end: 10 });
    expect(rangeOf('bytes=0-1,4-5', 10)).toBeUndefined();
    expect(rangeOf('lines=1-2', 10)).toBeUndefined();
  });
});
