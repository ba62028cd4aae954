import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { APIGatewayProxyResult } from 'hono/aws-lambda';
import { COMPRESSED_FROM_BYTES, COMPRESSION_LEVEL } from './limits.ts';

const gzipped = promisify(gzip);

/** Texts; pictures and GeoTIFFs are compressed already. */
const isText = (contentType: string) =>
  /^(text\/|application\/(json|xml|[\w.+-]+\+(json|xml))\b)/.test(contentType);

/**
 * The answer as gzip, where the caller takes it and it is worth the time. API Gateway compresses nothing by itself, nor does
 * CloudFront what it does not keep: a page of Items goes over the line as a tenth of its bytes.
 */
export async function compressed(
  answer: APIGatewayProxyResult,
  acceptEncoding: string,
): Promise<APIGatewayProxyResult> {
  // Lists of values for a header are what a load balancer is answered with.
  if (answer.multiValueHeaders !== undefined) return answer;
  const { headers, body, isBase64Encoded } = answer;
  const given = new Headers(Object.entries(headers).map(([name, value]) => [name, String(value)]));
  if (isBase64Encoded || !isText(given.get('content-type') ?? '')) return answer;
  if (body.length < COMPRESSED_FROM_BYTES) return answer;
  const vary = [given.get('vary'), 'Accept-Encoding'].filter((part) => part !== null).join(', ');
  if (!takesGzip(acceptEncoding)) return { ...answer, headers: { ...headers, vary } };
  const etag = given.get('etag');
  return {
    ...answer,
    headers: {
      ...headers,
      vary,
      'content-encoding': 'gzip',
      // Other bytes than those that a strong tag stands for.
      ...(etag === null || etag.startsWith('W/') ? {} : { etag: `W/${etag}` }),
    },
    body: (await gzipped(body, { level: COMPRESSION_LEVEL })).toString('base64'),
    isBase64Encoded: true,
  };
}

/** `gzip`, `gzip;q=0.5`, `*`; not `gzip;q=0`. */
function takesGzip(acceptEncoding: string): boolean {
  const quality = new Map(
    acceptEncoding
      .toLowerCase()
      .split(',')
      .map((part) => {
        const [name = '', ...parameters] = part.split(';').map((text) => text.trim());
        const q = parameters.find((text) => text.startsWith('q='));
        return [name, q === undefined ? 1 : Number(q.slice(2))] as const;
      }),
  );
  return (quality.get('gzip') ?? quality.get('*') ?? 0) > 0;
}
