import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { compressed } from './compress.ts';
import { COMPRESSED_FROM_BYTES } from './limits.ts';

const page = JSON.stringify({ features: Array.from({ length: 2000 }, (_, i) => ({ id: `item-${i}` })) });
const answer = (over: object = {}) => ({
  statusCode: 200,
  headers: { 'content-type': 'application/geo+json', vary: 'Origin, Accept', etag: '"abc"' },
  multiValueHeaders: undefined,
  body: page,
  isBase64Encoded: false,
  ...over,
});

describe('an answer behind API Gateway', () => {
  it.each(['gzip', 'gzip, deflate, br', 'br;q=1.0, gzip;q=0.5', '*', 'GZIP'])(
    'is gzip for a caller who sends "%s"',
    async (accepts) => {
      const sent = await compressed(answer(), accepts);
      expect(sent).toMatchObject({
        statusCode: 200,
        isBase64Encoded: true,
        headers: { 'content-encoding': 'gzip', vary: 'Origin, Accept, Accept-Encoding', etag: 'W/"abc"' },
      });
      expect(sent.body.length).toBeLessThan(page.length / 4);
      expect(gunzipSync(Buffer.from(sent.body, 'base64')).toString()).toBe(page);
    },
  );

  it.each(['', 'identity', 'br', 'gzip;q=0', 'deflate, *;q=0'])('is as it was for "%s"', async (accepts) => {
    const sent = await compressed(answer(), accepts);
    expect(sent).toMatchObject({ body: page, isBase64Encoded: false });
    expect(sent.headers).not.toHaveProperty('content-encoding');
    expect(sent.headers).toMatchObject({ vary: 'Origin, Accept, Accept-Encoding' });
  });

  it.each([
    ['a picture', { headers: { 'content-type': 'image/png' } }],
    ['bytes', { isBase64Encoded: true }],
    ['a short one', { body: page.slice(0, COMPRESSED_FROM_BYTES - 1) }],
    ['none', { headers: {}, body: '' }],
  ])('is left alone when it is %s', async (_what, over) => {
    expect(await compressed(answer(over), 'gzip')).toEqual(answer(over));
  });
});
