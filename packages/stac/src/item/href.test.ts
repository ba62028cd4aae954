import { describe, expect, it } from 'vitest';
import { resolveHref } from './href.ts';

const web = 'https://stac.test/collections/a/items/1';

describe('resolveHref', () => {
  it.each([
    ['./B04.tif', web, 'https://stac.test/collections/a/items/B04.tif'],
    ['/x/B04.tif?sig=1', web, 'https://stac.test/x/B04.tif?sig=1'],
    ['HTTPS://Other.test/B04.tif', web, 'https://other.test/B04.tif'],
    ['s3://bucket/key with space.tif', web, 's3://bucket/key with space.tif'],
    ['B04.tif', 's3://bucket/folder/item.json', 's3://bucket/folder/B04.tif'],
    ['./B04.tif', '/data/scene/item.json', '/data/scene/B04.tif'],
    ['../other/B04.tif', '/data/scene/item.json', '/data/other/B04.tif'],
    ['/abs/B04.tif', '/data/scene/item.json', '/abs/B04.tif'],
    ['file:///abs/a%20b.tif', '/data/scene/item.json', '/abs/a b.tif'],
    ['https://other.test/B04.tif', '/data/scene/item.json', 'https://other.test/B04.tif'],
    ['http://127.0.0.1:8080/B04.tif', 'http://127.0.0.1:8080/item.json', 'http://127.0.0.1:8080/B04.tif'],
  ])('resolves %s beside %s', (href, base, expected) => {
    expect(resolveHref(href, base)).toEqual({ href: expected });
  });

  it.each([
    ['javascript:alert(1)', web],
    ['data:image/tiff;base64,AA', web],
    ['gs://bucket/key', web],
    ['file:///etc/passwd', web],
    ['FILE:///etc/passwd', web],
    ['http://stac.test/B04.tif', web],
    ['http://127.0.0.1:9/B04.tif', 'http://127.0.0.1:8080/item.json'],
    ['http://stac.test/B04.tif', '/data/item.json'],
    ['https://user:secret@stac.test/B04.tif', web],
    ['./B04.tif', undefined],
    ['/etc/passwd', undefined],
    ['https://', web],
    [`https://stac.test/${'a'.repeat(5000)}`, web],
    ['https://stac.test/a\nb', web],
    ['file://other.host/x.tif', '/data/item.json'],
  ])('refuses %s beside %s', (href, base) => {
    const answer = resolveHref(href, base);
    expect(answer).toHaveProperty('refused');
    expect(JSON.stringify(answer)).not.toContain('secret');
  });

  it('keeps a path beside a web Item on the web', () => {
    expect(resolveHref('/etc/passwd', web)).toEqual({ href: 'https://stac.test/etc/passwd' });
  });
});
