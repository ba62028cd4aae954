import { describe, expect, it } from 'vitest';
import { checkUrl } from './url-policy.ts';

const policy = { onlyHosts: ['data.test', '.tiles.test', 's3://mine', 's3://a'] } as const;

describe('onlyHosts (K05)', () => {
  it.each([
    'https://data.test/a',
    'https://DATA.test./a',
    'https://x.tiles.test/a',
    'https://x.y.tiles.test/a',
    'https://mine.s3.amazonaws.com/a',
    'https://mine.s3.us-west-2.amazonaws.com/a',
    'https://mine.s3.dualstack.eu-central-1.amazonaws.com/a',
    'https://s3.us-west-2.amazonaws.com/mine/a',
    'https://s3-us-west-2.amazonaws.com/mine/a',
  ])('lets %s through', (href) => {
    expect(checkUrl(href, policy).href).toBeTruthy();
  });

  it.each([
    'https://data.test.evil.test/a',
    'https://notdata.test/a',
    'https://sub.data.test/a',
    'https://data.test@evil.test/a',
    'https://tiles.test/a',
    'https://xtiles.test/a',
    'https://other.s3.amazonaws.com/mine/a',
    'https://mine.s3.evil.test/a',
    'https://mine.s3.amazonaws.com.evil.test/a',
    'https://mine.evil.s3.amazonaws.com/a',
    'https://s3.amazonaws.com/other/a',
    'https://s3.amazonaws.com/mine',
    'https://s3.amazonaws.com/mine2/a',
    'https://s3.amazonaws.com/mine/../other/a',
    'https://s3.amazonaws.com/other/mine/a',
    'https://data.test:8443/a',
    'http://data.test/a',
    'https://example.com/a',
  ])('refuses %s', (href) => {
    expect(() => checkUrl(href, policy)).toThrow();
  });

  it('holds back no host that is listed to be reached whatever its address, and opens no private one', () => {
    expect(checkUrl('http://10.0.0.7:9000/a', { ...policy, allowHosts: ['10.0.0.7:9000'] }).host).toBe(
      '10.0.0.7:9000',
    );
    expect(() => checkUrl('https://10.0.0.7/a', { onlyHosts: ['10.0.0.7'] })).toThrow(/not public/);
  });
});
